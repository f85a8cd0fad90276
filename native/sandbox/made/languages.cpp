// The table of word parts. The parts are combined freely, so that no name is a real one; within a
// language no two combinations give the same text, which is what keeps display names unique.
#include "native/sandbox/made/languages.hpp"

namespace rekey::sandbox {

namespace {

Words split(std::string_view text) {
  Words words;
  while (!text.empty()) {
    const auto end = text.find(' ');
    words.push_back(text.substr(0, end));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return words;
}

/// A suffix list, separated by '|' because suffixes hold blanks.
Words split_suffixes(std::string_view text) {
  Words words;
  while (true) {
    const auto end = text.find('|');
    words.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return words;
    text.remove_prefix(end + 1);
  }
}

struct Raw {
  std::string_view tag, country, currency, dial, given_a, given_b, family_a, family_b, trades,
      suffixes, cities, streets, person, firm;
};

constexpr std::string_view western = "{g} {f}";
constexpr std::string_view usual_firm = "{f} {t} {s}";

constexpr Raw table[] = {
    {"en", "GBR", "GBP", "+44", "El Mar Har Ro Cal Jos Wil Ad Tam Fen",
     "wyn ianna rick den lie beth mund sa lora by",
     "Thorn Ash Wick Marl Hollow Birch Quill Larch Penn Heather",
     "mere combe ringdale wright den shaw bourne ley gate worth",
     "Joinery Bakery Logistics Print Interiors Nurseries Cycles Ceramics Lighting Catering Marine "
     "Textiles",
     "Ltd|Limited|LLP", "Eastmere Wickham Northcombe Fallowby Larkstead",
     "Mill~Lane Station~Road Orchard~Close Quay~Street", western, usual_firm},
    {"us", "USA", "USD", "+1", "Cor Dal Ev Jay Lin Mav Per Quin Rey Sky",
     "bell ton elyn den nora rick ley son mira wood",
     "Bright Cedar Copper Drift Elk Granite Maple Prairie Silver Timber",
     "brooke haven lark mont ridge stead vale ware well wick",
     "Supply Landscaping Roasters Hardware Outfitters Plumbing Motors Analytics Farms Dental "
     "Builders Press",
     "Inc.|LLC|Co.", "Cedarton Ridgeview Lakemont Dryfork Marlow~Falls",
     "Oak~Avenue Second~Street County~Road Harbor~Drive", western, usual_firm},
    {"de", "DEU", "EUR", "+49", "Frie Hein Jör Käth Lud Mar Sön Ul Wal Gün",
     "drun hild ke mar ntje rich ta win bert ger",
     "Bäcken Grün Kärn Löwen Möhr Neu Ober Rösl Steiger Wölf",
     "bach brand dorf huber kamp lein mann reuth stätter wald",
     "Möbel Haustechnik Spedition Gärtnerei Druckerei Optik Brauerei Gerüstbau Feinkost Metallbau",
     "GmbH|KG|GmbH & Co. KG", "Altenbrück Süderfeld Königsmoor Hirschau Grünwinkel",
     "Mühlenweg Lindenstraße Am~Güterbahnhof Schloßallee", western, usual_firm},
    {"fr", "FRA", "EUR", "+33", "Amé Béré Clé Éli Fran Gaë Hé Jo Mé Noé",
     "lie nice mence se çoise lle loïse rôme line mie",
     "Beau Char Châ Dela Fon Grand La Mont Pré Vallé",
     "bert court fort lier marais mont naye roche teau vigne",
     "Menuiserie Boulangerie Transports Imprimerie Pépinières Traiteur Optique Librairie "
     "Chauffage Tissus",
     "SARL|SAS|& Fils", "Saint-Évran Bellerive-sur-Orme Châtelac Montbréz Pont-l'Aubier",
     "rue~des~Tilleuls avenue~du~Moulin quai~Béranger place~de~l'Église", western, "{t} {f} {s}"},
    {"es", "ESP", "EUR", "+34", "Almu Beñ Cons Evar Fé Íñ Joa Mar Nú Ra",
     "dena at tanza isto lix igo quín isol ñez món",
     "Albar Cañiz Echa Fuen Guada Mári Peña Quin Sala Villa",
     "cín ares varri mayor lope quez zarro tero verde luz",
     "Carpintería Panadería Transportes Imprenta Viveros Óptica Ferretería Cerámicas Bodegas "
     "Confección",
     "S.L.|S.A.|e Hijos", "Peñaclara Villamanza Ríoseco~Bajo Almendrón Cuevas~del~Sol",
     "calle~del~Olmo avenida~de~la~Fuente plaza~Mayor camino~Viejo", western, "{t} {f} {s}"},
    {"pt", "PRT", "EUR", "+351", "Ana Be Cons Dé Fá Gon Inê Joã Le Vi",
     "bela atriz tança bora bio çalo stina zinha onor tória", "Al Bar Cam Fi Gui Lou Mo Oli Pe Sam",
     "buquerque rozo pião gueirã marães reiro çamba vença drosa paião",
     "Padaria Mobiliário Transportes Gráfica Viveiros Têxteis Cerâmica Conservas Iluminação "
     "Calçado",
     "Lda.|S.A.|& Irmãos", "Ribeirão~Novo Castelo~de~Olmos Foz~da~Areia Montalvã",
     "rua~das~Flores avenida~do~Porto travessa~da~Fonte largo~da~Sé", western, "{t} {f} {s}"},
    {"pl", "POL", "PLN", "+48", "Bo Dob Jó Ka Lech Mał Rado Stani Świę Zdzi",
     "gumiła rosław zefina zimiera osława gorzata mira sława topełka sław",
     "Brze Dąb Głog Jarz Kło Łęcz Mącz Świer Wróbl Żół",
     "czyński rowny owski ębak snicki ycki yński kowiak ewicz tkowski",
     "Stolarnia Piekarnia Transport Drukarnia Szkółki Meble Optyka Hurtownia Oświetlenie Tkaniny",
     "sp. z o.o.|S.A.|i Wspólnicy", "Nowołęcz Brzezówka Żółkowo Dąbrowiec~Górny",
     "ul.~Źródlana ul.~Młyńska ul.~Łąkowa al.~Dębowa", western, usual_firm},
    {"cs", "CZE", "CZK", "+420", "Bož Drah Hyn Jind Květ Ludm Mil Něm Otak Zdeň",
     "ena omír ek řich uše ila oslav ěna ar ka", "Čer Dvoř Havl Hrub Jelí Kadeř Krouž Ševč Říh Žel",
     "níček ákov ýnek nec ábek ilek ešek uška ánský ezný",
     "Truhlářství Pekařství Doprava Tiskárna Zahradnictví Sklárna Optika Pivovar Osvětlení Textil",
     "s.r.o.|a.s.|a synové", "Nové~Říčany Kamenné~Žďáry Horní~Lípa Podháji",
     "Mlýnská Nádražní Květinová Za~Školou", western, usual_firm},
    {"sv", "SWE", "SEK", "+46", "Ann Bjö Ei Gö Hjal Ing Lin Märt Sig Åsa",
     "eli rne nar ran mara egerd nea sten vard brit",
     "Björk Dahl Ek Fjäll Grön Häst Lind Söder Väst Ås",
     "ander berga borg fors gård kvist löf qvist strand ström",
     "Snickeri Bageri Åkeri Tryckeri Trädgård Keramik Optik Belysning Textil Måleri",
     "AB|HB|& Söner", "Norrvika Björkfors Sjöhamn Östra~Lunda",
     "Storgatan Kvarnvägen Ängsstigen Hamngatan", western, usual_firm},
    {"tr", "TUR", "TRY", "+90", "Ay Bü Çağ Do Gül Il İs Öz Şe Yıl",
     "gün lent lar ruk şah gaz met lem nay dız", "Ak Balı Çetin Demir Er Göl Kara Öz Şahin Yıl",
     "başlı çıoğlu dağlı gözü kışla öven soylu taşer ünlü yurtlu",
     "Mobilya Fırıncılık Nakliyat Matbaa Fidancılık Seramik Optik Aydınlatma Tekstil Gıda",
     "A.Ş.|Ltd. Şti.|ve Oğulları", "Çamlıova Güneyköy Şirinbağ Yeşilöz",
     "Çınar~Sokak İstasyon~Caddesi Değirmen~Yolu Gül~Sokak", western, usual_firm},
    {"vi", "VNM", "VND", "+84", "Ánh~ Bảo~ Cẩm~ Đức~ Hồng~ Khánh~ Mỹ~ Ngọc~ Quế~ Thùy~",
     "Chi Dung Hiên Lam Nghi Phương Sơn Trâm Uyên Vy",
     "Âu~ Bạch~ Cù~ Đậu~ Hứa~ Kha~ Lục~ Nghiêm~ Quách~ Tống~",
     "Đình Hữu Kim Mạnh Như Phúc Quang Thế Văn Xuân",
     "Gốm Gỗ In~Ấn Vận~Tải Nội~Thất Dệt~May Thực~Phẩm Cây~Cảnh", "TNHH|JSC|& Con",
     "Hòa~Sơn Bến~Lụa Cầu~Đá", "đường~Hoa~Sữa phố~Lò~Gạch", "{f} {g}", "{t} {f} {s}"},
    {"el", "GRC", "EUR", "+30", "Αγλα Βασι Δημο Ελευ Ευφ Ιφι Καλλι Λεω Μυρ Φιλ",
     "ΐα λική σθένης θερία ροσύνη γένεια ρρόη νίδας σίνη άρετος",
     "Αλεξ Βουρ Γαλα Δρακο Κοντ Λιβα Μακρ Παλα Σταυρ Χατζ",
     "ιάδης νάκης τόπουλος υλίδης ορίνης ογιάννης ανάς ιώτης ίδου ήτης",
     "Επιπλοποιία Αρτοποιείο Μεταφορές Τυπογραφείο Φυτώρια Κεραμικά Οπτικά Υφάσματα",
     "Ε.Π.Ε.|Α.Ε.|& Υιοί", "Νέα~Λεύκη Παλαιόμυλος Καλλιθάλασσα", "οδός~Ελαιών οδός~Λιμένος",
     western, usual_firm},
    {"ru", "KAZ", "KZT", "+7", "Ага Боже Вели Евдо Зла Ило Люби Миро Ра Яро",
     "фья дар мира кия та на ва слава дмила слав",
     "Берё Вере Голу Дубо Зари Калин Лес Оре Рябин Собо",
     "зовский тенников бянский винов цын кевич ницын ховский уткин левский",
     "Мебель Пекарня Перевозки Типография Питомник Керамика Оптика Текстиль Свет Сады",
     "ООО|АО|и партнёры", "Новоозёрск Берёзовый~Яр Заречинск", "ул.~Садовая ул.~Мельничная",
     western, usual_firm},
    {"uk", "UKR", "UAH", "+380", "Бого Віро Горди Євге Зоря Їлар Лю Мальві Остап Яри",
     "дан слава мир нія на ія бава рожа ко тинка",
     "Бере Вишне Гай Дуб Їжа Ключ Лелі Мельни Осі Яво",
     "зюк вецький дайчук ровний ченко никівський ківна чак нчук рів",
     "Меблі Пекарня Перевезення Друкарня Розсадник Кераміка Оптика Тканини", "ТОВ|ПП|і сини",
     "Новий~Гай Вишнева~Долина Заріччине", "вул.~Липова вул.~Ярмаркова", western, usual_firm},
    {"ar", "JOR", "JOD", "+962", "أس با جم ريح سل شه غا ليا نو يا",
     "ماء سل يلة انة مى د دة ن رة سمين", "البد الجو الحد الخي الرم السن الشم القط النج الور",
     "راني هري ادي اطي لاوي دسي سوني انجي اري دياني",
     "للأثاث للنقل للطباعة للمخابز للبصريات للنسيج للإنارة للخزف", "ذ.م.م|م.م|وأولاده",
     "وادي~الزهر عين~السرو تل~الياسمين", "شارع~الزيتون شارع~السوق", western, "شركة {f} {t} {s}"},
    {"he", "ISR", "ILS", "+972", "אבי בר הד יש כר לי מר נע ענ שי",
     "גיל וך סה עיה מל אורה גלית מה בר רן", "אלו בן־ גל דר הר כרמ מעי נחל ערב שדה",
     "נאי צור פרי ור גיא לון ינות אשל תי מור", "רהיטים מאפים הובלות דפוס משתלות קרמיקה אופטיקה",
     "בע״מ|שותפות|ובניו", "נווה~אלה גבעת~זמיר", "רחוב~הגפן רחוב~התחנה", western, usual_firm},
    {"ja", "JPN", "JPY", "+81", "明 悠 千 澄 理 蒼 結 遥 凪 紗", "斗 菜 代 香 央 太 衣 人 美 音",
     "霧 橘 榎 汐 柚 雫 椿 篠 朧 櫻", "浜 谷 原 沼 瀬 丘 沢 森 畑 城",
     "工房 製菓 運輸 印刷 園芸 陶器 照明 食品 繊維 設計", "株式会社|合同会社|有限会社",
     "霧浜市 雫丘町 椿沢市", "港町 桜通 水車小路", "{f}　{g}", "{s}{f}{t}"},
    {"zh", "CHN", "CNY", "+86", "雨 晓 思 嘉 梓 沐 清 若 书 云", "桐 岚 禾 棠 舟 晴 衡 萱 澜 朔",
     "欧 闻 祁 储 戚 臧 冉 阮 柏 邬", "阳 溪 林 岩 湾 泽 岭 岸 塘 坞",
     "家具 食品 物流 印务 园艺 陶瓷 照明 光学 纺织 建材", "有限公司|股份公司|合作社",
     "云溪市 柏岭县 清湾镇", "梧桐路 水磨街 东码头路", "{f}{g}", "{f}{t}{s}"},
    {"ko", "KOR", "KRW", "+82", "가 나 다 라 서 슬 아 이 하 해", "온 람 빈 솔 울 원 율 준 린 별",
     "구 남 도 마 방 봉 선 옥 탁 편", "산 곡 천 림 암 포 재 송 월 당",
     "목공 제과 운수 인쇄 조경 도예 조명 식품 섬유 설계", "주식회사|유한회사|상사",
     "솔뫼시 한여울군 달빛읍", "은행나무길 물레방아로", "{f} {g}", "{f}{t} {s}"},
    {"hi", "IND", "INR", "+91", "अनु चित्र देव गौ हेम ईश मधु नीर प्रिय सुर",
     "राधा लेखा यानी रव न्त मीत श्री जा दर्शन भि", "आम्र चन्द्र गुल जल कमल मेघ नील पर्व शिल सूर्य",
     "वाल गिरि मोहर धर पुरी नाथन कंठ तीय कार वंशी", "फर्नीचर बेकरी परिवहन मुद्रण नर्सरी वस्त्र",
     "प्रा. लि.|एंड कंपनी|ब्रदर्स", "कमलपुर नीलगढ़", "बाग~मार्ग स्टेशन~रोड", western, usual_firm},
};

Language build(const Raw& raw) {
  return {raw.tag,
          raw.country,
          raw.currency,
          raw.dial,
          split(raw.given_a),
          split(raw.given_b),
          split(raw.family_a),
          split(raw.family_b),
          split(raw.trades),
          split_suffixes(raw.suffixes),
          split(raw.cities),
          split(raw.streets),
          raw.person,
          raw.firm};
}

}  // namespace

std::span<const Language> languages() {
  static const std::vector<Language> all = [] {
    std::vector<Language> built;
    for (const Raw& raw : table) built.push_back(build(raw));
    return built;
  }();
  return all;
}

}  // namespace rekey::sandbox
