"""What German calls the city of a zone, where it differs from the zone's own label: shown, and read when typed."""

GERMAN: dict[str, str] = {
    "Africa/Addis_Ababa": "Addis Abeba", "Africa/Algiers": "Algier", "Africa/Cairo": "Kairo",
    "Africa/Dar_es_Salaam": "Daressalam", "Africa/Djibouti": "Dschibuti", "Africa/Khartoum": "Khartum",
    "Africa/Mogadishu": "Mogadischu", "Africa/Tripoli": "Tripolis",
    "America/Cayman": "Kaimaninseln", "America/Havana": "Havanna", "America/Jamaica": "Jamaika",
    "America/Mexico_City": "Mexiko-Stadt",
    "Asia/Baghdad": "Bagdad", "Asia/Bishkek": "Bischkek", "Asia/Damascus": "Damaskus", "Asia/Dushanbe": "Duschanbe",
    "Asia/Ho_Chi_Minh": "Ho-Chi-Minh-Stadt", "Asia/Hong_Kong": "Hongkong", "Asia/Kamchatka": "Kamtschatka",
    "Asia/Karachi": "Karatschi", "Asia/Kolkata": "Kalkutta", "Asia/Krasnoyarsk": "Krasnojarsk",
    "Asia/Muscat": "Maskat", "Asia/Nicosia": "Nikosia", "Asia/Novosibirsk": "Nowosibirsk",
    "Asia/Pyongyang": "Pjöngjang", "Asia/Qatar": "Katar", "Asia/Riyadh": "Riad", "Asia/Sakhalin": "Sachalin",
    "Asia/Singapore": "Singapur", "Asia/Taipei": "Taipeh", "Asia/Tashkent": "Taschkent", "Asia/Tbilisi": "Tiflis",
    "Asia/Tehran": "Teheran", "Asia/Tokyo": "Tokio", "Asia/Vladivostok": "Wladiwostok", "Asia/Yakutsk": "Jakutsk",
    "Asia/Yangon": "Rangun", "Asia/Yekaterinburg": "Jekaterinburg", "Asia/Yerevan": "Eriwan",
    "Atlantic/Azores": "Azoren", "Atlantic/Canary": "Kanaren", "Atlantic/Reykjavik": "Reykjavík",
    "Europe/Athens": "Athen", "Europe/Belgrade": "Belgrad", "Europe/Brussels": "Brüssel",
    "Europe/Bucharest": "Bukarest", "Europe/Copenhagen": "Kopenhagen", "Europe/Kyiv": "Kiew",
    "Europe/Lisbon": "Lissabon", "Europe/Luxembourg": "Luxemburg", "Europe/Moscow": "Moskau", "Europe/Prague": "Prag",
    "Europe/Rome": "Rom", "Europe/Tirane": "Tirana", "Europe/Vatican": "Vatikan", "Europe/Vienna": "Wien",
    "Europe/Volgograd": "Wolgograd", "Europe/Warsaw": "Warschau",
    "Indian/Maldives": "Malediven", "Indian/Reunion": "Réunion", "Pacific/Easter": "Osterinsel",
    "Pacific/Fiji": "Fidschi",
}  # fmt: skip

EXONYMS: dict[str, str] = {
    "Antwerp": "Antwerpen", "Beijing": "Peking", "Bruges": "Brügge", "Cape Town": "Kapstadt", "Cologne": "Köln",
    "Cracow": "Krakau", "Florence": "Florenz", "Geneva": "Genf", "Genoa": "Genua", "Ghent": "Gent",
    "Gothenburg": "Göteborg", "Hanover": "Hannover", "Liege": "Lüttich", "Lucerne": "Luzern", "Milan": "Mailand",
    "Munich": "München", "Naples": "Neapel", "New Delhi": "Neu-Delhi", "Nice": "Nizza", "Nuremberg": "Nürnberg",
    "Seville": "Sevilla", "Strasbourg": "Straßburg", "The Hague": "Den Haag", "Turin": "Turin", "Venice": "Venedig",
}  # fmt: skip
"""English names of cities that name no zone, and what German calls them."""
