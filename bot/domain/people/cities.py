"""Well-known cities by time zone: those that people type and that are not themselves the name of a zone.

The names of the zones' own cities (Berlin, New York) come from the zone database. Other spellings and
older names stand beside today's, the one to show first.
"""

CITIES: dict[str, str] = {
    # Europe
    "Europe/London": "England, Great Britain, UK, United Kingdom, Manchester, Birmingham, Leeds, Liverpool, "
    "Bristol, Newcastle, Edinburgh, Glasgow, Scotland, Cardiff, Wales, Sheffield, Oxford, Cambridge, Brighton",
    "Europe/Dublin": "Ireland, Cork, Galway",
    "Europe/Lisbon": "Lisboa, Portugal, Porto, Braga, Coimbra",
    "Europe/Madrid": "Spain, España, Barcelona, Valencia, Seville, Sevilla, Bilbao, Malaga, Zaragoza, Palma",
    "Atlantic/Canary": "Canary Islands, Las Palmas, Tenerife, Gran Canaria",
    "Europe/Paris": "France, Lyon, Marseille, Toulouse, Nice, Nantes, Bordeaux, Lille, Strasbourg, Montpellier",
    "Europe/Brussels": "Bruxelles, Belgium, Antwerp, Ghent, Bruges, Liege",
    "Europe/Amsterdam": "Netherlands, Holland, Rotterdam, The Hague, Den Haag, Utrecht, Eindhoven",
    "Europe/Berlin": "Germany, Deutschland, Munich, München, Hamburg, Cologne, Köln, Frankfurt, Stuttgart, "
    "Düsseldorf, Leipzig, Dresden, Hanover, Hannover, Nuremberg, Nürnberg, Bremen, Dortmund, Essen, Bonn, "
    "Freiburg, Heidelberg, Karlsruhe, Mannheim, Potsdam, Münster, Aachen, Kiel, Regensburg, Augsburg, "
    "CET, CEST, MEZ, MESZ",
    "Europe/Zurich": "Zürich, Switzerland, Schweiz, Geneva, Genève, Genf, Basel, Bern, Lausanne, Lugano, "
    "Lucerne, Luzern, Winterthur",
    "Europe/Vienna": "Wien, Austria, Österreich, Graz, Linz, Salzburg, Innsbruck",
    "Europe/Rome": "Roma, Italy, Italia, Milan, Milano, Naples, Napoli, Turin, Torino, Florence, Firenze, "
    "Venice, Venezia, Bologna, Palermo, Genoa, Verona",
    "Europe/Copenhagen": "København, Denmark, Aarhus, Odense",
    "Europe/Stockholm": "Sweden, Gothenburg, Göteborg, Malmö, Uppsala",
    "Europe/Oslo": "Norway, Bergen, Trondheim, Stavanger",
    "Europe/Helsinki": "Finland, Tampere, Espoo, Turku",
    "Atlantic/Reykjavik": "Iceland",
    "Europe/Warsaw": "Warszawa, Poland, Kraków, Cracow, Gdańsk, Wrocław, Poznań, Łódź",
    "Europe/Prague": "Praha, Czechia, Czech Republic, Brno, Ostrava",
    "Europe/Bratislava": "Slovakia",
    "Europe/Budapest": "Hungary",
    "Europe/Bucharest": "Bucuresti, Romania, Cluj, Cluj-Napoca, Timisoara, Iasi",
    "Europe/Sofia": "Bulgaria, Plovdiv, Varna",
    "Europe/Athens": "Greece, Athina, Thessaloniki",
    "Europe/Belgrade": "Beograd, Serbia, Novi Sad",
    "Europe/Zagreb": "Croatia, Split",
    "Europe/Ljubljana": "Slovenia",
    "Europe/Sarajevo": "Bosnia",
    "Europe/Vilnius": "Lithuania, Kaunas",
    "Europe/Riga": "Latvia",
    "Europe/Tallinn": "Estonia, Tartu",
    "Europe/Kyiv": "Ukraine, Kiev, Kharkiv, Lviv, Odesa, Odessa, Dnipro",
    "Europe/Chisinau": "Moldova",
    "Europe/Minsk": "Belarus",
    "Europe/Moscow": "Moskva, Saint Petersburg, St Petersburg, Sochi, Kazan",
    "Asia/Yekaterinburg": "Ekaterinburg",
    "Europe/Istanbul": "Turkey, Türkiye, Ankara, Izmir, Antalya",
    "Asia/Nicosia": "Cyprus, Limassol, Larnaca",
    # Middle East and Africa
    "Asia/Jerusalem": "Israel, Haifa",
    "Asia/Beirut": "Lebanon",
    "Asia/Amman": "Jordan",
    "Asia/Dubai": "UAE, United Arab Emirates, Abu Dhabi, Sharjah, Muscat",
    "Asia/Riyadh": "Saudi Arabia, Jeddah, Mecca, Dammam",
    "Asia/Qatar": "Doha",
    "Asia/Kuwait": "Kuwait City",
    "Asia/Tehran": "Iran, Isfahan",
    "Africa/Cairo": "Egypt, Alexandria, Giza",
    "Africa/Casablanca": "Morocco, Rabat, Marrakesh, Marrakech",
    "Africa/Tunis": "Tunisia",
    "Africa/Lagos": "Nigeria, Abuja, Ibadan, Kano",
    "Africa/Accra": "Ghana",
    "Africa/Nairobi": "Kenya, Mombasa",
    "Africa/Addis_Ababa": "Ethiopia",
    "Africa/Kampala": "Uganda",
    "Africa/Dar_es_Salaam": "Tanzania, Zanzibar",
    "Africa/Kigali": "Rwanda",
    "Africa/Johannesburg": "South Africa, Cape Town, Durban, Pretoria",
    "Indian/Mauritius": "Port Louis",
    # Asia
    "Asia/Kolkata": "India, Bombay, Mumbai, Delhi, New Delhi, Bangalore, Bengaluru, Chennai, Madras, Hyderabad, "
    "Pune, Ahmedabad, Jaipur, Goa, Calcutta, Kochi, Lucknow, Gurgaon, Noida",
    "Asia/Karachi": "Pakistan, Lahore, Islamabad, Rawalpindi",
    "Asia/Dhaka": "Bangladesh, Chittagong",
    "Asia/Colombo": "Sri Lanka",
    "Asia/Kathmandu": "Nepal, Pokhara",
    "Asia/Tbilisi": "Georgia, Batumi",
    "Asia/Yerevan": "Armenia",
    "Asia/Baku": "Azerbaijan",
    "Asia/Almaty": "Kazakhstan, Astana",
    "Asia/Tashkent": "Uzbekistan",
    "Asia/Bangkok": "Thailand, Chiang Mai, Phuket",
    "Asia/Ho_Chi_Minh": "Vietnam, Saigon, Ho Chi Minh City, Hanoi, Da Nang",
    "Asia/Kuala_Lumpur": "Malaysia, Penang, KL",
    "Asia/Jakarta": "Indonesia, Bandung, Surabaya, Yogyakarta",
    "Asia/Makassar": "Bali, Denpasar, Ubud",
    "Asia/Manila": "Philippines, Cebu, Davao, Quezon City",
    "Asia/Shanghai": "China, Beijing, Peking, Shenzhen, Guangzhou, Chengdu, Hangzhou, Wuhan, Nanjing, Xian",
    "Asia/Hong_Kong": "HK",
    "Asia/Taipei": "Taiwan",
    "Asia/Seoul": "Korea, South Korea, Busan, Incheon",
    "Asia/Tokyo": "Japan, Osaka, Kyoto, Yokohama, Nagoya, Fukuoka, Sapporo, Kobe",
    # Oceania
    "Australia/Sydney": "Canberra, Newcastle, Wollongong, New South Wales",
    "Australia/Melbourne": "Victoria, Geelong",
    "Australia/Brisbane": "Gold Coast, Cairns, Queensland",
    "Australia/Hobart": "Tasmania",
    "Australia/Lord_Howe": "Lord Howe Island",
    "Pacific/Auckland": "New Zealand, Wellington, Christchurch, Queenstown, Hamilton, Dunedin",
    "Pacific/Honolulu": "Hawaii, Maui",
    # America
    "America/New_York": "NYC, Boston, Georgia, Philadelphia, Washington, Washington DC, Miami, Atlanta, "
    "Orlando, Tampa, Charlotte, Pittsburgh, Baltimore, Cleveland, Columbus, Brooklyn, Manhattan, Raleigh, Buffalo, "
    "Eastern, ET, EST, EDT, Eastern Time",
    "America/Chicago": "Dallas, Birmingham, Houston, Austin, San Antonio, Minneapolis, Nashville, New Orleans, "
    "Memphis, Milwaukee, St Louis, Kansas City, Oklahoma City, Central Time, CST, CDT",
    "America/Denver": "Colorado, Salt Lake City, Albuquerque, Santa Fe, Boulder, Mountain Time, MST, MDT",
    "America/Phoenix": "Arizona, Tucson, Scottsdale",
    "America/Los_Angeles": "LA, California, San Francisco, SF, San Diego, Seattle, Portland, Las Vegas, "
    "San Jose, Oakland, Sacramento, Palo Alto, Berkeley, Pacific Time, PT, PST, PDT",
    "America/Anchorage": "Alaska",
    "America/Toronto": "Hamilton, Montréal, Ottawa, Québec",
    "America/Winnipeg": "Manitoba",
    "America/Edmonton": "Calgary, Alberta, Banff",
    "America/Vancouver": "Victoria BC, British Columbia, Whistler",
    "America/Halifax": "Nova Scotia",
    "America/St_Johns": "Newfoundland, St. John's",
    "America/Mexico_City": "Mexico, CDMX, Guadalajara, Puebla",
    "America/Cancun": "Playa del Carmen, Tulum",
    "America/Costa_Rica": "San Jose",
    "America/Bogota": "Colombia, Medellín, Cali, Cartagena",
    "America/Lima": "Peru, Cusco",
    "America/Guayaquil": "Ecuador, Quito",
    "America/Caracas": "Venezuela",
    "America/La_Paz": "Bolivia",
    "America/Santiago": "Chile, Valparaiso",
    "America/Argentina/Buenos_Aires": "Argentina, Rosario, Mar del Plata",
    "America/Montevideo": "Uruguay, Punta del Este",
    "America/Asuncion": "Paraguay",
    "America/Sao_Paulo": "São Paulo, Brazil, Brasil, Rio de Janeiro, Rio, Brasília, Belo Horizonte, "
    "Curitiba, Porto Alegre, Florianópolis, Campinas",
    "America/Bahia": "Salvador de Bahia",
    "America/Puerto_Rico": "San Juan",
}

NAMES: dict[str, str] = {
    "America/Sao_Paulo": "São Paulo",
    "America/Bogota": "Bogotá",
    "America/Asuncion": "Asunción",
    "America/Cancun": "Cancún",
    "America/St_Johns": "St. John's",
    "Asia/Ho_Chi_Minh": "Ho Chi Minh City",
    "Asia/Qatar": "Doha",
    "Australia/Lord_Howe": "Lord Howe Island",
    "Europe/Zurich": "Zürich",
}
"""Labels of zones where the name in the database lacks its accents or is not the city's."""

LIKELY: dict[str, tuple[str, ...]] = {
    "en": ("America/New_York", "Europe/London", "America/Los_Angeles"),
    "de": ("Europe/Berlin", "Europe/London", "America/New_York"),
    "fr": ("Europe/Paris", "America/Toronto", "Africa/Casablanca"),
    "es": ("Europe/Madrid", "America/Mexico_City", "America/Argentina/Buenos_Aires"),
    "pt": ("America/Sao_Paulo", "Europe/Lisbon", "America/Manaus"),
    "it": ("Europe/Rome", "Europe/London", "America/New_York"),
    "nl": ("Europe/Amsterdam", "Europe/London", "America/New_York"),
    "pl": ("Europe/Warsaw", "Europe/London", "America/Chicago"),
    "uk": ("Europe/Kyiv", "Europe/Warsaw", "Europe/London"),
    "ru": ("Europe/Moscow", "Asia/Yekaterinburg", "Asia/Almaty"),
    "tr": ("Europe/Istanbul", "Europe/Berlin", "Europe/London"),
    "he": ("Asia/Jerusalem", "Europe/London", "America/New_York"),
    "ar": ("Asia/Dubai", "Africa/Cairo", "Africa/Casablanca"),
    "fa": ("Asia/Tehran", "Asia/Dubai", "Europe/Berlin"),
    "hi": ("Asia/Kolkata", "Asia/Dubai", "Europe/London"),
    "zh": ("Asia/Shanghai", "America/Los_Angeles", "Europe/London"),
    "ja": ("Asia/Tokyo", "America/Los_Angeles", "Europe/London"),
    "ko": ("Asia/Seoul", "America/Los_Angeles", "Europe/London"),
    "id": ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"),
}
"""Where the speakers of a language most often are, by the language's two letters."""

WORLD = (
    "Europe/Berlin", "America/New_York", "Europe/London", "America/Los_Angeles", "Asia/Kolkata",
    "Australia/Sydney", "Asia/Singapore", "America/Chicago", "America/Sao_Paulo", "Asia/Dubai", "Asia/Tokyo",
    "Europe/Athens", "Africa/Lagos", "America/Denver", "Europe/Istanbul", "Asia/Karachi", "Asia/Dhaka",
    "Asia/Bangkok", "Pacific/Auckland", "America/Halifax", "America/Anchorage", "Pacific/Honolulu",
    "Asia/Kathmandu", "Asia/Tehran", "Australia/Adelaide", "America/St_Johns", "Atlantic/Azores",
    "Atlantic/South_Georgia", "Australia/Brisbane", "Pacific/Fiji", "Pacific/Gambier",
    "Asia/Kabul", "Asia/Yangon", "Australia/Darwin", "Australia/Lord_Howe",
    "Pacific/Noumea", "Pacific/Tongatapu", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Pacific/Marquesas",
    "Pacific/Chatham", "Australia/Eucla", "Etc/GMT+12", "America/Nuuk",
)  # fmt: skip
"""The most populous first: one for every offset that is in use."""
