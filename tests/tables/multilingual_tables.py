"""Invented tables of names and addresses in many languages, for the detection of encodings."""

from __future__ import annotations

import random

WORDS = {
    "zh": "重庆市綦江区古南街道龙角路1号|贵州省遵义市桐梓县娄山关街道|四川省泸州市纳溪区永宁街道|荆江半轴有限公司|渝黔物流园|东溪镇永乐村三组|"
    "汽车变速器总成研发|上海浦东新区张江路|昆明呈贡区大学城|张三|李建国|王小红|生产铝合金轮毂|仓储|食品园区组团|茶叶种植专业合作社|农商银行支行",
    "zh-hant": "臺北市中正區重慶南路一段|新北市板橋區文化路|"
    "高雄市鼓山區美術館路|桃園市中壢區中央西路|新竹科學園區|鴻海精密工業|統一超商|花蓮縣吉安鄉|"
    "宜蘭縣羅東鎮|基隆港務|陳志明|林美玲|黃俊傑|香港九龍旺角彌敦道|中環皇后大道|運輸倉儲|經營項目",
    "ja": "東京都新宿区西新宿二丁目|大阪府大阪市北区梅田|株式会社トヨタ自動車|"
    "ソニーグループ|北海道札幌市中央区|名古屋港コンテナターミナル|さいたま市|"
    "ひたちなか市|佐藤健|鈴木一郎|倉庫|有限会社山田製作所|お問い合わせ|神戸空港|りんご|鹿島臨海工業地帯",
    "ko": "서울특별시 중구 세종대로|부산광역시 해운대구 우동|"
    "경기도 성남시 분당구 판교로|삼성전자|현대자동차 울산공장|인천국제공항|광양항 컨테이너|김민수|"
    "이영희|대전 유성구 과학로|제주특별자치도 서귀포시|물류센터|창원국가산업단지|한국전력공사|강원도 춘천시|목포시",
    "de": "Straße|Köln|München|Düsseldorf|Nürnberg|Größe|Müller GmbH|Königsallee|Süd|Österreich|Hafenstraße|Gemüse|Übersee|Jürgen Groß|Berlin Mitte",
    "fr": "Société générale|Évry|Rue de la République|Hôtel de ville|Besançon|Nîmes|"
    "Saint-Étienne|Orléans|Île-de-France|Lycée|Entrepôt|Béziers|Forêt|Cœur",
    "es": "Málaga|Córdoba|A Coruña|León|Cádiz|Calle de Alcalá|España|Compañía|Dirección|Logística|Almería|Estación|Gijón|Madrid|Peñíscola|Logroño",
    "pl": "Łódź|Kraków|Gdańsk|Wrocław|Poznań|Białystok|Częstochowa|Rzeszów|Świętokrzyskie|ulica Długa|Przemyśl|Żory|Elbląg|Wałbrzych|Spółka|Łęczna",
    "cs": "Plzeň|České Budějovice|Ústí nad Labem|Hradec Králové|Jihlava|Zlín|Třebíč|"
    "Mladá Boleslav|Náměstí Míru|Žďár|Děčín|Příbram|Škoda|Kroměříž|Výroba",
    "ru": "Москва|Санкт-Петербург|Новосибирск|улица Ленина|Екатеринбург|Нижний Новгород|"
    "Казань|Челябинск|ООО Ромашка|Владивосток|порт Находка|Пермь|Щёлково",
    "el": "Αθήνα|Θεσσαλονίκη|Πειραιάς|Πάτρα|Ηράκλειο|Λάρισα|Οδός Σταδίου|Ελλάδα|"
    "Εταιρεία|Λιμάνι|Ιωάννινα|Καβάλα|Διεύθυνση|Κόρινθος|Αλεξανδρούπολη|Μαρούσι",
}
HEADERS = {
    "zh": "名称,地址,经度,纬度",
    "zh-hant": "名稱,地址,經度,緯度",
    "ja": "名称,住所,緯度,経度",
    "ko": "이름,주소,위도,경도",
}
SAVED = [
    ("zh", "gb18030"), ("zh", "utf-16-le"), ("zh", "utf-16-be"), ("zh-hant", "big5hkscs"), ("zh-hant", "gb18030"), ("ja", "cp932"), ("ja", "euc_jp"),
    ("ja", "utf-16-le"), ("ko", "cp949"), ("ko", "utf-16-be"), ("de", "cp1252"),
    ("fr", "cp1252"), ("es", "cp1252"), ("pl", "cp1250"), ("cs", "cp1250"),
    ("ru", "cp1251"), ("ru", "utf-16-le"), ("ru", "koi8-r"), ("ru", "cp866"),
    ("el", "iso8859-7"), ("el", "cp1253"), ("de", "mac_roman"), ("de", "cp850"),
]  # fmt: skip
"""Languages, and the encodings in which programs in these languages save files."""


def table(language: str, rows: int, seed: str, *, headed: bool = True) -> str:
    """Return a table of names and addresses, with English headers if there are none in the language or ``headed`` is False."""
    draw = random.Random(seed)
    words = WORDS[language].split("|")
    lines = [HEADERS.get(language, "") * headed or "name,address,lon,lat"]
    lines += [
        f"{draw.choice(words)},{draw.choice(words)} {draw.randint(1, 99)},{draw.uniform(5, 130):.4f},{draw.uniform(20, 60):.4f}"
        for _ in range(rows)
    ]
    return "\n".join(lines) + "\n"


def sparse(language: str, rows: int, seed: str) -> str:
    """Return an English table with a word of the language in every fortieth row."""
    draw = random.Random(seed)
    words = WORDS[language].split("|")
    lines = [
        f"Site {number},{draw.choice(words) if number % 40 == 1 else 'Main Road'},{number / 10},29.1"
        for number in range(rows)
    ]
    return "\n".join(["name,address,lon,lat", *lines]) + "\n"
