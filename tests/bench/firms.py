"""Two lists of made-up firms in 20 languages, and which are the same: from a seed, always the same.

How the second list differs from the first (the chance of each, one by one, for a firm in both):
  missing firms   a fifth of the first list is not in the second, and a fifth of the second not in the first
  look-alikes     of these, half share their name's first word, or their name with another place, with one
                  of the first list
  legal form      0.35 left out, 0.15 in its long or short form
  case            0.20 all capitals or all small letters
  accents         0.35 left out, or spelled in two letters (ä as ae)
  script          0.50 of Cyrillic and Greek names in Latin letters
  words           0.10 in another order, 0.12 one trade word left out or "Group" put behind
  typing errors   0.15 one letter of the name, 0.10 of the street, 0.10 of the city
  abbreviations   0.30 "Street", "Straße", "International" and others shortened
  fields          each of street, city, postcode, phone, e-mail, tax number, website is empty with 0.25 on
                  either side; country with 0.5
  e-mail          0.30 another mailbox of the same domain
  phone           0.50 without country code and with other separators
"""
import random

# language: stems, trades, legal forms (long, short), family names, streets, cities, country, telephone code
LANGUAGES = {
    'en': ('Oakfield Silverline Harbour Kestrel Redwood Northgate Bluestone Thornbury'.split(), 'Services Consulting Bakery Plumbing Motors Foods Engineering Design'.split(), [('Limited', 'Ltd'), ('Company', 'Co.')], 'Whitlock Pemberton Ashdown Crowther Hargreave'.split(), 'Mill Street|Station Road|Park Avenue|Church Lane'.split('|'), 'Bristol Leeds Norwich York Exeter'.split(), 'United Kingdom', '44'),
    'us': ('Summit Cascade Lakeside Pioneer Evergreen Ironwood Bayview Prairie'.split(), 'Solutions Roofing Landscaping Dental Electric Supply Logistics Media'.split(), [('Incorporated', 'Inc.'), ('Corporation', 'Corp.'), ('LLC', 'L.L.C.')], 'Abernathy Kowalczyk Delacroix Ramirez Thibodeaux'.split(), 'Main Street|Maple Drive|Lincoln Boulevard|Sunset Court'.split('|'), 'Austin Denver Portland Boise Tulsa'.split(), 'United States', '1'),
    'de': ('Lindenhof Steinbrück Grünwald Hochland Bergmühle Königstal Rheinblick Seewiese'.split(), 'Bäckerei Maschinenbau Elektrotechnik Gartenbau Spedition Möbelhaus Druckerei Metallbau'.split(), [('Gesellschaft mit beschränkter Haftung', 'GmbH'), ('GmbH & Co. KG', 'GmbH & Co KG'), ('Aktiengesellschaft', 'AG')], 'Müller Schröder Größmann Jäger Köhler'.split(), 'Hauptstraße|Gartenstraße|Lindenweg|Am Marktplatz'.split('|'), 'München Köln Würzburg Lübeck Görlitz'.split(), 'Deutschland', '49'),
    'fr': ('Belvédère Châtaignier Fontanelle Lumière Rivière Clairmont Hêtraie Vallée'.split(), 'Boulangerie Conseil Transports Menuiserie Plomberie Électricité Librairie Pâtisserie'.split(), [('Société Anonyme', 'S.A.'), ('SARL', 'S.A.R.L.'), ('SAS', 'S.A.S.')], 'Lefèvre Dubois Rousseau Béranger Gauthier'.split(), 'Rue de la Paix|Avenue Foch|Boulevard Voltaire|Rue des Écoles'.split('|'), 'Lyon Orléans Besançon Nîmes Angoulême'.split(), 'France', '33'),
    'es': ('Montaña Olivar Peñalara Castaño Ribera Alameda Almería Cumbre'.split(), 'Panadería Construcciones Transportes Consultoría Fontanería Muebles Jardinería Distribuciones'.split(), [('Sociedad Limitada', 'S.L.'), ('Sociedad Anónima', 'S.A.')], 'Muñoz García Ibáñez Núñez Rodríguez'.split(), 'Calle Mayor|Avenida de América|Plaza Nueva|Calle del Río'.split('|'), 'Málaga Cádiz Logroño Ávila León'.split(), 'España', '34'),
    'pt': ('Horizonte Oliveira Conceição Serração Atlântico Guimarães Sertão Paraíso'.split(), 'Padaria Construções Transportes Informática Móveis Alimentação Consultoria Gráfica'.split(), [('Limitada', 'Lda.'), ('Sociedade Anónima', 'S.A.')], 'Gonçalves Magalhães Araújo Simões Falcão'.split(), 'Rua Augusta|Avenida da Liberdade|Travessa do Carmo|Rua São João'.split('|'), 'Lisboa Évora Portimão Setúbal Guarda'.split(), 'Portugal', '351'),
    'it': ('Belforte Roccaverde Montalto Acquaviva Poggio Torrenova Ulivi Valdarno'.split(), 'Panificio Trasporti Costruzioni Consulenza Arredamenti Idraulica Officina Stampa'.split(), [('Società a responsabilità limitata', 'S.r.l.'), ('Società per azioni', 'S.p.A.')], 'Bianchi Esposito Ferrari Moretti Colombo'.split(), 'Via Roma|Via Garibaldi|Corso Italia|Piazza Dante'.split('|'), 'Bologna Verona Perugia Forlì Lecce'.split(), 'Italia', '39'),
    'nl': ('Duinzicht Molenhoek Waterland Zonneveld Heidehof Kasteelzicht Polderrand Lindelaan'.split(), 'Bakkerij Transport Bouw Advies Schilders Installatie Tuinen Drukkerij'.split(), [('Besloten Vennootschap', 'B.V.'), ('Naamloze Vennootschap', 'N.V.')], 'de Vries van Dijk Bakker Hoekstra Kuijpers'.split(), 'Dorpsstraat|Kerkstraat|Molenweg|Stationsplein'.split('|'), 'Utrecht Leiden Zwolle Breda Delft'.split(), 'Nederland', '31'),
    'sv': ('Björkdal Granängen Sjövik Norrsken Älvstrand Höglund Ekbacken Åkerby'.split(), 'Bygg Konsult Åkeri Bageri Måleri Elservice Snickeri Redovisning'.split(), [('Aktiebolag', 'AB'), ('Handelsbolag', 'HB')], 'Sjöberg Åström Lindqvist Öhman Bergström'.split(), 'Storgatan|Kungsgatan|Skolvägen|Björkvägen'.split('|'), 'Malmö Göteborg Växjö Umeå Örebro'.split(), 'Sverige', '46'),
    'da': ('Østerbro Strandgård Møllebæk Søndermark Kærholm Bøgelund Skovsø Ågård'.split(), 'Byg Rådgivning Transport Bageri Maler Elektrik Tømrer Revision'.split(), [('Anpartsselskab', 'ApS'), ('Aktieselskab', 'A/S')], 'Sørensen Kjær Østergaard Mikkelsen Nørgaard'.split(), 'Hovedgaden|Møllevej|Nørregade|Søndergade'.split('|'), 'København Århus Odense Aalborg Helsingør'.split(), 'Danmark', '45'),
    'nb': ('Fjellheim Solbakken Havnevik Bjørkelund Nordås Østmark Fjordgløtt Grønnvoll'.split(), 'Bygg Rådgivning Transport Bakeri Maler Elektro Rørlegger Regnskap'.split(), [('Aksjeselskap', 'AS'), ('Allmennaksjeselskap', 'ASA')], 'Bjørnstad Håkonsen Nygård Sæther Ødegård'.split(), 'Storgata|Kirkeveien|Skolegata|Fjordveien'.split('|'), 'Bergen Tromsø Bodø Ålesund Hamar'.split(), 'Norge', '47'),
    'fi': ('Järvenranta Koivula Mäntyharju Pohjola Kuusikko Lähde Syväri Hämärä'.split(), 'Rakennus Kuljetus Leipomo Konsultointi Maalaus Sähkö Puutarha Tilitoimisto'.split(), [('Osakeyhtiö', 'Oy'), ('Kommandiittiyhtiö', 'Ky')], 'Virtanen Mäkelä Hämäläinen Räsänen Pöyry'.split(), 'Mannerheimintie|Koulukatu|Asematie|Rantakatu'.split('|'), 'Helsinki Jyväskylä Hämeenlinna Seinäjoki Oulu'.split(), 'Suomi', '358'),
    'pl': ('Dębowa Źródło Łąkowa Brzozów Górska Słoneczna Świerk Jaśmin'.split(), 'Piekarnia Transport Budownictwo Doradztwo Meble Drukarnia Ogrody Księgowość'.split(), [('Spółka z o.o.', 'Sp. z o.o.'), ('Spółka Akcyjna', 'S.A.')], 'Wiśniewski Kowalski Wójcik Jabłoński Żukowski'.split(), 'ul. Długa|ul. Kościuszki|ul. Ogrodowa|al. Jerozolimskie'.split('|'), 'Łódź Gdańsk Kraków Wrocław Poznań'.split(), 'Polska', '48'),
    'cs': ('Lipová Říčany Křižovatka Šumava Žižkov Údolí Březina Jitřenka'.split(), 'Pekárna Doprava Stavby Poradenství Nábytek Tiskárna Zahrady Účetnictví'.split(), [('spol. s r.o.', 's.r.o.'), ('akciová společnost', 'a.s.')], 'Dvořák Novotný Černý Kučera Procházka'.split(), 'Hlavní|Školní|Nádražní|Zahradní'.split('|'), 'Praha Brno Plzeň Olomouc Liberec'.split(), 'Česká republika', '420'),
    'hu': ('Tölgyes Napfény Fehérvár Gyöngy Kőszikla Rózsakert Hársfa Zöldliget'.split(), 'Pékség Szállítás Építő Tanácsadó Bútor Nyomda Kertészet Könyvelő'.split(), [('Korlátolt Felelősségű Társaság', 'Kft.'), ('Zártkörűen Működő Részvénytársaság', 'Zrt.')], 'Szabó Kovács Németh Tóth Horváth'.split(), 'Kossuth utca|Petőfi utca|Rákóczi út|Fő tér'.split('|'), 'Győr Pécs Szeged Debrecen Székesfehérvár'.split(), 'Magyarország', '36'),
    'ro': ('Brădet Stejaru Câmpina Mureș Izvorul Luncă Poiana Țarcău'.split(), 'Brutărie Transporturi Construcții Consultanță Mobilă Tipografie Grădini Contabilitate'.split(), [('Societate cu răspundere limitată', 'S.R.L.'), ('Societate pe acțiuni', 'S.A.')], 'Popescu Ionescu Țăranu Dumitrescu Șerban'.split(), 'Strada Unirii|Bulevardul Carol|Strada Florilor|Calea Victoriei'.split('|'), 'București Iași Cluj Timișoara Brașov'.split(), 'România', '40'),
    'tr': ('Güneş Çınar Yıldız Işık Kayalık Şelale Bahçe Göktürk'.split(), 'Fırın Nakliyat İnşaat Danışmanlık Mobilya Matbaa Elektrik Gıda'.split(), [('Limited Şirketi', 'Ltd. Şti.'), ('Anonim Şirketi', 'A.Ş.')], 'Yılmaz Öztürk Çelik Şahin Doğan'.split(), 'Atatürk Caddesi|Cumhuriyet Sokak|İstiklal Caddesi|Gül Sokak'.split('|'), 'İstanbul İzmir Eskişehir Muğla Çorum'.split(), 'Türkiye', '90'),
    'ru': ('Ромашка Северный Берёзка Звезда Технострой Горизонт Рассвет Невский'.split(), 'Транспорт Строй Сервис Мебель Хлеб Консалтинг Электро Продукты'.split(), [('Общество с ограниченной ответственностью', 'ООО'), ('ОАО', 'ОАО')], 'Иванов Смирнов Кузнецов Щербаков Жуков'.split(), 'ул. Ленина|проспект Мира|ул. Садовая|ул. Пушкина'.split('|'), 'Москва Казань Самара Воронеж Екатеринбург'.split(), 'Россия', '7'),
    'el': ('Ήλιος Θάλασσα Ακρόπολη Ελιά Όλυμπος Αιγαίο Χρυσή Ποσειδών'.split(), 'Μεταφορές Κατασκευές Αρτοποιία Σύμβουλοι Έπιπλα Τυπογραφείο Ηλεκτρικά Τρόφιμα'.split(), [('Ανώνυμη Εταιρεία', 'Α.Ε.'), ('ΕΠΕ', 'Ε.Π.Ε.')], 'Παπαδόπουλος Γεωργίου Νικολάου Δημητρίου Καραγιάννης'.split(), 'Οδός Ερμού|Λεωφόρος Αθηνών|Οδός Σταδίου|Οδός Σόλωνος'.split('|'), 'Αθήνα Πάτρα Λάρισα Χανιά Βόλος'.split(), 'Ελλάδα', '30'),
    'ja': ('北辰 青葉 桜井 東海 富士見 若松 大和田 白川'.split(), '商事 製作所 建設 運輸 食品 印刷 電機 不動産'.split(), [('株式会社', '(株)'), ('有限会社', '(有)')], '佐藤 鈴木 高橋 渡辺 小林'.split(), '中央通り|本町|栄町|緑ヶ丘'.split('|'), '東京 大阪 名古屋 仙台 札幌'.split(), '日本', '81'),
}
TWO_LETTERS = {'ä': 'ae', 'ö': 'oe', 'ü': 'ue', 'ß': 'ss', 'Ä': 'Ae', 'Ö': 'Oe', 'Ü': 'Ue', 'å': 'aa', 'Å': 'Aa', 'ø': 'oe', 'Ø': 'Oe', 'æ': 'ae', 'Æ': 'Ae'}
CYRILLIC = dict(zip('абвгдежзийклмнопрстуфхцчшщъыьэюяё', 'a b v g d e zh z i y k l m n o p r s t u f kh ts ch sh shch  y  e yu ya yo'.split(' ')))
GREEK = dict(zip('αβγδεζηθικλμνξοπρσςτυφχψω', 'a v g d e z i th i k l m n x o p r s s t y f ch ps o'.split(' ')))
SHORT = [('Street', 'St'), ('Road', 'Rd'), ('Avenue', 'Ave'), ('straße', 'str.'), ('Boulevard', 'Blvd'), ('International', 'Intl'), ('Services', 'Svcs'), ('Drive', 'Dr'), ('Lane', 'Ln'), ('Avenida', 'Avda'), ('Solutions', 'Solution'), ('Engineering', 'Eng')]


def plain(text):
    import unicodedata
    out = ''.join(c for c in unicodedata.normalize('NFD', text) if not unicodedata.combining(c))
    return out.translate(str.maketrans({'ł': 'l', 'Ł': 'L', 'ø': 'o', 'Ø': 'O', 'æ': 'ae', 'Æ': 'Ae', 'ß': 'ss', 'ı': 'i', 'đ': 'd'}))


def latin(text):
    import unicodedata
    out = []
    for c in unicodedata.normalize('NFC', text):
        bare = c.lower() if c.lower() in CYRILLIC else plain(c).lower()
        made = CYRILLIC.get(bare, GREEK.get(bare))
        out.append(c if made is None else made.capitalize() if c.isupper() else made)
    return ''.join(out)


def typo(r, text):
    letters = [i for i, c in enumerate(text) if c.isalpha()]
    if len(letters) < 4:
        return text
    at, kind, letter = r.choice(letters[1:]), r.random(), r.choice('abcdefghiklmnoprstuvwz')
    if kind < .35:
        return text[:at] + letter + text[at + 1:]
    if kind < .65:
        return text[:at] + text[at + 1:]
    if kind < .85:
        return text[:at] + letter + text[at:]
    return text[:at - 1] + text[at] + text[at - 1] + text[at + 1:]


class Maker:
    def __init__(self, seed):
        self.r = random.Random(seed)
        self.tags = sorted(LANGUAGES)

    def firm(self, tag, stem=None):
        r = self.r
        stems, trades, forms, families, streets, cities, country, code = LANGUAGES[tag]
        kind = r.random()
        first = stem or (r.choice(stems) if kind < .6 else r.choice(families))
        second = [r.choice(stems)] if tag != 'ja' and r.random() < .35 else [r.choice(families)] if r.random() < .3 else []
        city = r.randrange(len(cities))
        slug = ''.join(c for c in plain(latin(first)).lower() if c.isascii() and c.isalnum()) or 'firm'
        domain = f"{slug}{r.randint(1, 999)}.{tag}.test"
        return {'tag': tag, 'words': [first] + [w for w in second if w != first], 'trade': r.choice(trades), 'form': r.choice(forms),
                'street': r.choice(streets), 'house': r.randint(1, 180), 'city': cities[city], 'postcode': f'{10 + 7 * city}{r.randint(0, 40):03d}', 'country': country,
                'phone': (code, f'{r.randint(10, 99)}{r.randint(10 ** 6, 10 ** 7 - 1)}'), 'email': ('office', domain), 'website': domain,
                'tax_number': f'{tag.upper()}{r.randint(10 ** 8, 10 ** 9 - 1)}'}

    def look_alike(self, firm):
        other = self.firm(firm['tag'], firm['words'][0])
        if self.r.random() < .5:
            other.update(words=firm['words'], trade=firm['trade'], form=firm['form'])
        return other

    def row(self, ident, firm, noisy):
        r = self.r
        chance = lambda p: noisy and r.random() < p
        form = firm['form'][1] if not noisy else '' if r.random() < .35 else firm['form'][0] if r.random() < .23 else firm['form'][1]
        words = list(firm['words'])
        if chance(.10):
            words.reverse()
        words.append(firm['trade'])
        if chance(.12):
            words = words[:-1] if len(words) > 2 and r.random() < .5 else words + ['Group']
        joined = ('' if firm['tag'] == 'ja' else ' ').join(words)
        if chance(.15):
            joined = typo(r, joined)
        gap = '' if firm['tag'] == 'ja' else ' '
        name = (joined + gap + form).strip() if firm['tag'] not in ('ru', 'ja') else (form + gap + joined).strip()
        street, city = f"{firm['street']} {firm['house']}", firm['city']
        if chance(.10):
            street = typo(r, street)
        if chance(.10):
            city = typo(r, city)
        if chance(.30):
            for long, short in SHORT:
                name, street = name.replace(long, short), street.replace(long, short)
        if chance(.35):
            double = r.random() < .5
            spell = (lambda t: plain(t.translate(str.maketrans(TWO_LETTERS)))) if double else plain
            name, street, city = (t if firm['tag'] == 'ja' else spell(t) for t in (name, street, city))
        if firm['tag'] in ('ru', 'el') and chance(.5):
            name, street, city = latin(name), latin(street), latin(city)
        if chance(.20):
            name = name.upper() if r.random() < .6 else name.lower()
        code, digits = firm['phone']
        phone = f'0{digits[:2]}/{digits[2:5]} {digits[5:]}' if chance(.5) else f'+{code} {digits[:2]} {digits[2:]}'
        box = 'info' if chance(.30) else firm['email'][0]
        row = {'id': ident, 'name': name, 'street': street, 'city': city, 'postcode': firm['postcode'], 'country': firm['country'], 'phone': phone,
               'email': f"{box}@{firm['email'][1]}", 'tax_number': firm['tax_number'], 'website': 'https://www.' + firm['website']}
        for field in ('street', 'city', 'postcode', 'phone', 'email', 'tax_number', 'website'):
            if r.random() < .25:
                row[field] = ''
        if r.random() < .5:
            row['country'] = ''
        return row


def lists(seed, count, fields=None):
    """Rows of the first and second list, and the true pairs of ids. `fields`: only these besides id and name."""
    maker = Maker(seed)
    r = maker.r
    left, right, truth, firms = [], [], [], []
    for i in range(count):
        firms.append(maker.firm(maker.tags[i % len(maker.tags)]))
        left.append(maker.row(f'l{i}', firms[-1], False))
        if r.random() < .8:
            right.append(maker.row(f'r{i}', firms[-1], True))
            truth.append((f'l{i}', f'r{i}'))
        else:
            near = r.random() < .5
            firm = maker.look_alike(r.choice(firms)) if near else maker.firm(maker.tags[i % len(maker.tags)])
            right.append(maker.row(f'r{i}', firm, True))
    r.shuffle(right)
    if fields is not None:
        keep = {'id', 'name', *fields}
        left, right = ([{k: v for k, v in row.items() if k in keep} for row in rows] for rows in (left, right))
    return left, right, truth


def write(path, rows):
    import csv
    with open(path, 'w', encoding='utf-8', newline='') as file:
        out = csv.DictWriter(file, fieldnames=list(rows[0]))
        out.writeheader()
        out.writerows(rows)
