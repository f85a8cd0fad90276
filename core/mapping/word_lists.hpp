// Lists of words that names of many languages have in common. In the spelling of words.cpp: folded, and
// two-letter vowels as one letter.
#pragma once

#include <array>
#include <string_view>
#include <utility>

namespace rekey::mapping::lists {

using Pair = std::pair<std::string_view, std::string_view>;

/// Legal forms, by the spelling they are compared in.
inline constexpr auto legal_forms = std::to_array<Pair>({
    {"ltd", "ltd"}, {"limited", "ltd"}, {"ltda", "ltda"}, {"limitada", "ltda"}, {"llc", "llc"},
    {"llp", "llp"}, {"lp", "lp"}, {"inc", "inc"}, {"incorporated", "inc"}, {"corp", "corp"},
    {"corporation", "corp"}, {"co", "co"}, {"company", "co"}, {"plc", "plc"}, {"pllc", "pllc"},
    {"gmbh", "gmbh"}, {"mbh", "gmbh"}, {"gesmbh", "gmbh"}, {"ag", "ag"}, {"aktiengesellschaft", "ag"}, {"kg", "kg"},
    {"kga", "kg"}, {"ug", "ug"}, {"haftungsbeschrankt", "ug"}, {"ohg", "ohg"}, {"gbr", "gbr"},
    {"ek", "ek"}, {"ev", "ev"}, {"eg", "eg"}, {"se", "se"}, {"sa", "sa"}, {"sas", "sas"},
    {"sasu", "sas"}, {"sarl", "sarl"}, {"eurl", "sarl"}, {"snc", "snc"}, {"sci", "sci"},
    {"sca", "sca"}, {"spa", "spa"}, {"srl", "srl"}, {"srls", "srl"}, {"sl", "sl"}, {"slu", "sl"},
    {"slne", "sl"}, {"sau", "sa"}, {"cv", "cv"}, {"sapi", "sa"}, {"bv", "bv"}, {"bvba", "bv"}, {"nv", "nv"}, {"vof", "vof"}, {"ab", "ab"},
    {"aktiebolag", "ab"}, {"as", "as"}, {"asa", "as"}, {"ans", "ans"}, {"aps", "aps"},
    {"is", "is"}, {"hf", "hf"}, {"ehf", "hf"}, {"oy", "oy"}, {"oyj", "oy"}, {"ky", "ky"}, {"kft", "kft"}, {"zrt", "zrt"}, {"nyrt", "zrt"}, {"bt", "bt"},
    {"dooo", "doo"}, {"doo", "doo"}, {"dd", "dd"}, {"sro", "sro"}, {"vos", "vos"}, {"zoo", "spzoo"},
    {"spzoo", "spzoo"}, {"sp", "spzoo"}, {"spolka", "spzoo"}, {"ood", "ood"}, {"eood", "ood"}, {"uab", "uab"}, {"ou", "ou"}, {"sia", "sia"},
    {"pty", "pty"}, {"pte", "pte"}, {"pvt", "pvt"}, {"private", "pvt"}, {"bhd", "bhd"},
    {"sdn", "bhd"}, {"ooo", "ooo"}, {"oo", "ooo"}, {"zao", "zao"}, {"oao", "oao"}, {"pao", "pao"}, {"ao", "ao"}, {"ip", "ip"},
    {"tov", "tov"}, {"pp", "pp"}, {"ae", "ae"}, {"epe", "epe"}, {"ike", "ike"}, {"oe", "oe"},
    {"lda", "lda"}, {"eireli", "eireli"}, {"me", "me"}, {"epp", "epp"}, {"sti", "sti"}, {"sirketi", "sti"},
    {"anonim", "as"}, {"kk", "kk"}, {"株", "kk"}, {"有", "kk"}, {"주", "kk"}, {"gk", "gk"}, {"tbk", "tbk"}, {"pt", "pt"}, {"dba", "dba"},
});

/// Words without a meaning of their own, and what inactive records are marked with.
inline constexpr auto fillers = std::to_array<std::string_view>({
    "the", "and", "und", "et", "en", "og", "och", "ja", "the", "of", "for", "de", "du", "des", "del",
    "la", "le", "les", "el", "los", "las", "das", "der", "die", "di", "da", "do", "dos", "van", "von",
    "zu", "deleted", "mr", "mrs", "ms", "miss", "herr", "frau", "mme", "mlle",
});

/// The same at the begin or end of a name in a script without spaces.
inline constexpr auto attached_forms = std::to_array<std::string_view>({
    "株式会社", "有限会社", "合同会社", "合资会社", "股份有限公司", "有限責任公司", "有限责任公司",
    "有限公司", "주식회사", "유한회사", "公司",
});

/// Abbreviations, by the spelling they are compared in; of names and of streets.
inline constexpr auto abbreviations = std::to_array<Pair>({
    {"intl", "international"}, {"internat", "international"}, {"int", "international"},
    {"mfg", "manufacturing"}, {"svc", "service"}, {"svcs", "service"}, {"servs", "service"}, {"serv", "service"}, {"services", "service"},
    {"bros", "brothers"}, {"assoc", "associates"}, {"assocs", "associates"}, {"assn", "association"}, {"asso", "association"},
    {"dept", "department"}, {"natl", "national"}, {"univ", "university"}, {"inst", "institute"},
    {"tech", "technology"}, {"technologies", "technology"}, {"techn", "technology"}, {"mgmt", "management"}, {"mgt", "management"},
    {"engg", "engineering"}, {"engrg", "engineering"}, {"eng", "engineering"}, {"constr", "construction"}, {"const", "construction"},
    {"dist", "distribution"}, {"distrib", "distribution"}, {"distributors", "distribution"}, {"ind", "industries"}, {"inds", "industries"}, {"industry", "industries"},
    {"grp", "group"}, {"hldg", "holding"}, {"hldgs", "holding"}, {"holdings", "holding"}, {"ctr", "center"}, {"cntr", "center"}, {"centre", "center"}, {"zentrum", "center"},
    {"solutions", "solution"}, {"systems", "system"}, {"sys", "system"}, {"products", "product"}, {"prods", "product"}, {"prod", "product"},
    {"supplies", "supply"}, {"sons", "son"}, {"sohne", "son"}, {"hnos", "hermanos"}, {"flli", "fratelli"}, {"cie", "compagnie"}, {"cia", "compania"}, {"gebruder", "gebr"}, {"gebroders", "gebr"},
    {"brodrene", "brdr"}, {"transp", "transport"}, {"transports", "transport"}, {"comm", "commercial"}, {"ent", "enterprises"}, {"entp", "enterprises"}, {"enterprise", "enterprises"},
    {"gesellschaft", "ges"}, {"saint", "st"}, {"sankt", "st"}, {"sainte", "ste"}, {"doctor", "dr"}, {"mount", "mt"}, {"fort", "ft"}, {"north", "n"}, {"south", "s"}, {"east", "e"}, {"west", "w"},
    {"street", "st"}, {"str", "st"}, {"strase", "st"}, {"strasse", "st"}, {"ulitsa", "ul"}, {"ulica", "ul"}, {"utca", "u"}, {"calle", "c"}, {"road", "rd"}, {"avenue", "av"}, {"ave", "av"}, {"avenida", "av"}, {"avda", "av"},
    {"drive", "dr"}, {"boulevard", "blvd"}, {"bulvar", "blvd"}, {"lane", "ln"}, {"court", "ct"}, {"crt", "ct"}, {"place", "pl"}, {"plaza", "pl"}, {"platz", "pl"}, {"square", "sq"}, {"highway", "hwy"}, {"parkway", "pkwy"},
    {"parade", "pde"}, {"crescent", "cr"}, {"cres", "cr"}, {"circuit", "cct"}, {"cirucit", "cct"}, {"close", "cl"}, {"terrace", "tce"}, {"terr", "tce"}, {"ter", "tce"}, {"grove", "gr"}, {"suite", "ste"}, {"apartment", "apt"}, {"appartement", "apt"}, {"floor", "fl"}, {"building", "bldg"},
    {"rue", "r"}, {"chaussee", "chs"}, {"route", "rte"}, {"strada", "str"}, {"piazza", "pza"}, {"corso", "cso"}, {"viale", "vle"}, {"gatan", "g"}, {"straat", "st"}, {"laan", "ln"}, {"weg", "w"},
});

/// Words that so many firms have in their names that even a list of ten is likely to have one twice.
inline constexpr auto common_words = std::to_array<std::string_view>({
    "service", "consulting", "consultants", "consultancy", "group", "gruppe", "groupe", "grupo", "gruppo", "international", "trading", "trade", "handel", "handels", "holding", "management", "manufacturing", "industries", "industrial",
    "technology", "solution", "system", "product", "supply", "center", "construction", "engineering", "design", "media", "marketing", "transport", "logistics", "logistik", "logistica", "distribution", "enterprises", "partners", "partner",
    "associates", "association", "brothers", "son", "national", "american", "european", "global", "general", "united", "first", "new", "best", "royal", "star", "city", "home", "house", "shop", "store", "market", "cafe", "restaurant", "hotel",
    "bar", "bakery", "backerei", "boulangerie", "panaderia", "food", "foods", "auto", "motors", "car", "garage", "electric", "elektro", "electrical", "plumbing", "roofing", "landscaping", "cleaning", "security", "travel", "tours", "insurance",
    "finance", "financial", "bank", "capital", "invest", "investments", "real", "estate", "property", "properties", "immobilien", "immobilier", "dental", "medical", "clinic", "pharmacy", "apotheke", "farmacia", "health", "care", "school", "academy",
    "institute", "university", "studio", "art", "music", "print", "printing", "druck", "bau", "bau", "technik", "maschinenbau", "metallbau", "holz", "mobel", "garten", "computer", "software", "data", "digital", "online", "web", "net", "network",
    "energy", "power", "water", "oil", "gas", "solar", "steel", "wood", "glass", "paper", "textile", "fashion", "sport", "sports", "fitness", "beauty", "hair", "salon", "compagnie", "compania", "comercial", "commercial", "distribuciones", "construcciones",
    "servicios", "servizi", "constructions", "batiment", "conseil", "consultoria", "comercio", "industria", "transportes", "trasporti", "costruzioni", "bouw", "bygg", "entreprenor", "eiendom", "fastigheter", "konsult", "stroi", "torg", "servis", "uslugi", "handlowe", "firma", "office", "team", "work", "works",
    "department", "account", "accounts", "expense", "expenses", "income", "sales", "customer", "supplier", "vendor", "project", "job", "unit", "branch", "division",
});

/// Given names and what people of that name are called.
inline constexpr auto nicknames = std::to_array<Pair>({
    {"bob", "robert"}, {"rob", "robert"}, {"bobby", "robert"}, {"bill", "william"}, {"will", "william"}, {"billy", "william"}, {"willy", "william"}, {"liam", "william"}, {"jim", "james"}, {"jimmy", "james"}, {"jamie", "james"}, {"mike", "michal"}, {"mick", "michal"},
    {"michael", "michal"}, {"dick", "richard"}, {"rick", "richard"}, {"rich", "richard"}, {"tom", "thomas"}, {"tommy", "thomas"}, {"jo", "joseph"}, {"sam", "samul"}, {"sam", "samantha"}, {"dan", "daniel"}, {"danny", "daniel"}, {"dave", "david"}, {"ben", "benjamin"}, {"matt", "matthew"}, {"andy", "andrew"}, {"drew", "andrew"},
    {"tony", "anthony"}, {"chris", "christopher"}, {"chris", "christine"}, {"nick", "nicholas"}, {"alex", "alexander"}, {"alex", "alexandra"}, {"sasha", "alexander"}, {"sacha", "alexander"}, {"kate", "katherine"}, {"katie", "katherine"}, {"kathy", "katherine"}, {"liz", "elizabeth"}, {"beth", "elizabeth"}, {"lisa", "elizabeth"}, {"betty", "elizabeth"}, {"su", "susan"}, {"peggy", "margaret"}, {"maggie", "margaret"}, {"meg", "margaret"},
    {"jenny", "jennifer"}, {"jen", "jennifer"}, {"becky", "rebecca"}, {"pat", "patricia"}, {"pat", "patrick"}, {"trish", "patricia"}, {"steve", "steven"}, {"steve", "stephen"}, {"ed", "edward"}, {"ted", "edward"}, {"eddie", "edward"}, {"greg", "gregory"}, {"jeff", "jeffrey"}, {"josh", "joshua"}, {"larry", "lawrence"}, {"ron", "ronald"}, {"ken", "kenneth"}, {"tim", "timothy"}, {"zach", "zachary"}, {"charlie", "charles"}, {"chuck", "charles"}, {"harry", "henry"}, {"hank", "henry"}, {"jack", "john"}, {"johnny", "john"}, {"pete", "peter"}, {"phil", "philip"}, {"fred", "frederick"},
    {"hans", "johannes"}, {"sepp", "josef"}, {"pepe", "jose"}, {"paco", "francisco"}, {"nacho", "ignacio"}, {"lola", "dolores"}, {"beppe", "giuseppe"}, {"gigi", "luigi"}, {"misha", "mikhail"}, {"vova", "vladimir"}, {"kolya", "nikolai"}, {"dima", "dmitri"}, {"katya", "ekaterina"}, {"natasha", "natalia"}, {"olya", "olga"}, {"tanya", "tatiana"}, {"abby", "abigail"}, {"mandy", "amanda"}, {"vicky", "victoria"}, {"tori", "victoria"}, {"gabe", "gabriel"}, {"nate", "nathaniel"}, {"lexi", "alexandra"}, {"ellie", "eleanor"}, {"izzy", "isabella"}, {"bella", "isabella"},
});

inline constexpr auto free_mail = std::to_array<std::string_view>({
    "gmail", "googlemail", "yahoo", "ymail", "hotmail", "outlook", "live", "msn", "icloud", "aol", "gmx", "web", "mail", "t-online", "freenet", "orange", "wanadoo", "free", "laposte", "sfr", "libero", "tiscali", "virgilio", "alice", "yandex", "rambler", "bk", "inbox", "list", "ukr", "wp", "onet", "interia", "o2", "seznam", "centrum", "abv", "qq", "163", "126", "sina", "naver", "daum", "hanmail", "rediffmail", "proton", "protonmail", "comcast", "verizon", "att", "sbcglobal", "bellsouth", "cox", "btinternet", "sky", "bigpond", "optusnet", "telstra", "ziggo", "kpnmail", "planet", "telenet", "skynet", "bluewin", "uol", "bol", "terra", "example",
});

/// Names of countries in their own and other languages, folded.
inline constexpr auto countries = std::to_array<Pair>({
    {"germany", "de"}, {"deutschland", "de"}, {"allemagne", "de"}, {"deu", "de"}, {"austria", "at"}, {"osterreich", "at"}, {"aut", "at"}, {"switzerland", "ch"}, {"schweiz", "ch"}, {"suisse", "ch"}, {"svizzera", "ch"}, {"che", "ch"}, {"france", "fr"}, {"frankreich", "fr"}, {"fra", "fr"}, {"italy", "it"}, {"italia", "it"}, {"italien", "it"}, {"ita", "it"},
    {"spain", "es"}, {"espana", "es"}, {"spanien", "es"}, {"esp", "es"}, {"portugal", "pt"}, {"prt", "pt"}, {"netherlands", "nl"}, {"the netherlands", "nl"}, {"nederland", "nl"}, {"holland", "nl"}, {"nld", "nl"}, {"belgium", "be"}, {"belgie", "be"}, {"belgique", "be"}, {"bel", "be"}, {"luxembourg", "lu"}, {"united kingdom", "gb"}, {"great britain", "gb"}, {"uk", "gb"}, {"england", "gb"}, {"scotland", "gb"}, {"wales", "gb"}, {"gbr", "gb"}, {"ireland", "ie"}, {"irl", "ie"},
    {"united states", "us"}, {"united states of america", "us"}, {"usa", "us"}, {"canada", "ca"}, {"can", "ca"}, {"mexico", "mx"}, {"mex", "mx"}, {"brazil", "br"}, {"brasil", "br"}, {"bra", "br"}, {"argentina", "ar"}, {"chile", "cl"}, {"colombia", "co"}, {"peru", "pe"}, {"australia", "au"}, {"aus", "au"}, {"new zealand", "nz"}, {"nzl", "nz"}, {"poland", "pl"}, {"polska", "pl"}, {"pol", "pl"}, {"czech republic", "cz"}, {"czechia", "cz"}, {"ceska republika", "cz"}, {"cesko", "cz"}, {"slovakia", "sk"}, {"slovensko", "sk"}, {"hungary", "hu"}, {"magyarorszag", "hu"}, {"romania", "ro"}, {"bulgaria", "bg"}, {"balgariia", "bg"},
    {"greece", "gr"}, {"ellada", "gr"}, {"turkey", "tr"}, {"turkiye", "tr"}, {"sweden", "se"}, {"sverige", "se"}, {"norway", "no"}, {"norge", "no"}, {"denmark", "dk"}, {"danmark", "dk"}, {"finland", "fi"}, {"suomi", "fi"}, {"iceland", "is"}, {"estonia", "ee"}, {"eesti", "ee"}, {"latvia", "lv"}, {"latvija", "lv"}, {"lithuania", "lt"}, {"lietuva", "lt"}, {"russia", "ru"}, {"rossiya", "ru"}, {"russian federation", "ru"}, {"ukraine", "ua"}, {"ukrayina", "ua"}, {"serbia", "rs"}, {"croatia", "hr"}, {"hrvatska", "hr"}, {"slovenia", "si"}, {"china", "cn"}, {"中国", "cn"}, {"japan", "jp"}, {"日本", "jp"}, {"south korea", "kr"}, {"korea", "kr"}, {"대한민국", "kr"}, {"india", "in"}, {"singapore", "sg"}, {"hong kong", "hk"}, {"israel", "il"}, {"south africa", "za"}, {"united arab emirates", "ae"}, {"uae", "ae"},
});

}  // namespace rekey::mapping::lists
