#include "core/mapping/features.hpp"

#include <algorithm>
#include <numeric>
#include <unordered_map>

#include "core/mapping/logarithm.hpp"
#include "core/mapping/words.hpp"
#include "core/text/fold.hpp"

namespace rekey::mapping {

namespace {

/// How much is believed of a text before the lists are seen: as if `weight` more records had been,
/// of which `share` have it.
struct Belief {
  double share, weight;
};

Belief belief_of(const std::string& text) {
  const std::string_view word = std::string_view(text).substr(1);
  switch (static_cast<Dictionary::Kind>(text[0])) {
    case Dictionary::Kind::word:
      return {is_common_word(word) ? 0.03 : word.size() == 1 ? 0.05 : 0.001, 50};
    case Dictionary::Kind::street:
      return {word.size() <= 2 ? 0.1 : 0.003, 50};
    case Dictionary::Kind::whole:
      return {0.0005, 50};
    case Dictionary::Kind::trait:
      break;
  }
  const auto trait = static_cast<Trait>(text[1] - 'A');
  switch (trait) {
    case Trait::email:
    case Trait::tax_number:
    case Trait::phone:
      return {0.0005, 50};
    case Trait::email_domain:
    case Trait::website:
    case Trait::number:
      return {0.001, 50};
    case Trait::company:
    case Trait::parent:
    case Trait::detail:
      return {0.005, 50};
    case Trait::postcode:
      return {0.003, 50};
    case Trait::city:
      return {0.01, 50};
    case Trait::house:
      return {0.02, 50};
    default:
      return {0.2, 20};
  }
}

/// Gives texts numbers in the order in which they come.
class Intern {
 public:
  Term of(Dictionary::Kind kind, std::string_view text) {
    if (text.empty()) return 0;
    key_.assign(1, static_cast<char>(kind));
    key_ += text;
    const auto [at, is_new] = ids_.emplace(key_, static_cast<Term>(texts_.size()));
    if (is_new) texts_.push_back(key_);
    return at->second;
  }
  Term of(Trait trait, std::string_view text) {
    if (text.empty()) return 0;
    std::string key(1, static_cast<char>('A' + static_cast<int>(trait)));
    key += text;
    return of(Dictionary::Kind::trait, key);
  }
  std::vector<std::string> take() {
    ids_.clear();
    return std::move(texts_);
  }

 private:
  std::unordered_map<std::string, Term> ids_;
  std::vector<std::string> texts_{1, std::string("a")};
  std::string key_;
};

std::vector<Term> words_of(Intern& intern, Dictionary::Kind kind,
                           const std::vector<std::string>& words) {
  std::vector<Term> out;
  out.reserve(words.size());
  for (const auto& each : words) out.push_back(intern.of(kind, each));
  return out;
}

std::string person_of(const Record& record) {
  std::string out = record.given_name;
  if (!out.empty() && !record.family_name.empty()) out += ' ';
  return out + record.family_name;
}

bool same_words(std::vector<Term> one, std::vector<Term> other) {
  std::sort(one.begin(), one.end());
  std::sort(other.begin(), other.end());
  return one == other;
}

void take_names(Intern& intern, const Record& record, Features& out) {
  using Kind = Dictionary::Kind;
  const auto person = person_of(record);
  const auto& main = !record.name.empty() ? record.name : !person.empty() ? person : record.company;
  const auto name = name_words(main);
  out.name = words_of(intern, Kind::word, name.words);
  out.whole = intern.of(Kind::whole, name.essence);
  out.set(Trait::legal_form, intern.of(Trait::legal_form, name.legal));
  if (!person.empty() && person != main)
    out.person = words_of(intern, Kind::word, name_words(person).words);
  if (same_words(out.person, out.name)) out.person.clear();
  if (!record.company.empty() && record.company != main) {
    out.company = words_of(intern, Kind::word, name_words(record.company).words);
    out.set(Trait::company, intern.of(Trait::company, essence(record.company)));
  }
  if (same_words(out.company, out.name)) out.company.clear();
}

void take_emails(Intern& intern, const Record& record, Features& out) {
  const auto take = [&](std::string_view email) {
    std::string small;
    for (const char c : email)
      if (c != ' ') small += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    const auto at = small.rfind('@');
    if (at == std::string::npos || at == 0 || at + 1 == small.size()) return;
    out.emails.push_back(intern.of(Trait::email, small));
    const auto domain = domain_of(small);
    if (!is_free_mail(domain)) out.domains.push_back(intern.of(Trait::email_domain, domain));
  };
  for (const auto& each : record.emails) take(each);
  if (record.emails.empty()) take(record.detail);
  if (const auto site = domain_of(record.website); !site.empty()) {
    out.set(Trait::website, intern.of(Trait::website, site));
    out.domains.push_back(intern.of(Trait::email_domain, site));
  }
  for (auto* each : {&out.emails, &out.domains}) {
    std::sort(each->begin(), each->end());
    each->erase(std::unique(each->begin(), each->end()), each->end());
  }
}

/// Parts the house number from the words of the street.
void take_street(Intern& intern, const Record& record, Features& out) {
  Term house = 0;
  for (const auto& word : street_words(record.street)) {
    if (house == 0 && word[0] >= '0' && word[0] <= '9') {
      house = intern.of(Trait::house, word);
    } else {
      out.street.push_back(intern.of(Dictionary::Kind::street, word));
    }
  }
  out.set(Trait::house, house);
}

Features features_of(Intern& intern, const Record& record) {
  Features out;
  take_names(intern, record, out);
  take_emails(intern, record, out);
  take_street(intern, record, out);
  for (const auto& each : record.phones)
    if (const auto digits = phone_digits(each); !digits.empty())
      out.phones.push_back(intern.of(Trait::phone, digits));
  const auto set = [&](Trait trait, std::string_view text) {
    out.set(trait, intern.of(trait, text));
  };
  auto tax = letters_and_digits(record.tax_number);
  // The country's two letters before it are often left out.
  if (tax.size() > 6 && !has_digit(tax.substr(0, 2)) && has_digit(tax.substr(2, 1)))
    tax.erase(0, 2);
  set(Trait::tax_number, tax);
  set(Trait::number, letters_and_digits(record.number));
  set(Trait::city, text::fold(record.city));
  set(Trait::postcode, letters_and_digits(record.postcode));
  set(Trait::country, country_code(record.country));
  set(Trait::parent, essence(record.parent));
  set(Trait::kind, text::fold(record.kind));
  if (out.emails.empty()) set(Trait::detail, text::fold(record.detail));
  return out;
}

/// Calls `visit` with each different term of a record.
template <class Visit>
void each_term(Features& features, Visit visit) {
  for (auto* list : {&features.name, &features.company, &features.person, &features.street,
                     &features.emails, &features.domains, &features.phones})
    for (auto& term : *list) visit(term);
  for (auto& term : features.one) visit(term);
  visit(features.whole);
}

/// The places of the active records in order of id, then of name and detail.
std::vector<std::uint32_t> ids_in_order(const std::vector<Record>& records) {
  std::vector<std::uint32_t> out;
  for (std::size_t i = 0; i < records.size(); ++i)
    if (records[i].active) out.push_back(static_cast<std::uint32_t>(i));
  std::stable_sort(out.begin(), out.end(), [&](std::uint32_t a, std::uint32_t b) {
    return std::tie(records[a].id, records[a].name, records[a].detail) <
           std::tie(records[b].id, records[b].name, records[b].detail);
  });
  return out;
}

/// Numbers the texts anew in their own order.
void sort_dictionary(Both& both, std::vector<std::string> texts) {
  std::vector<Term> order(texts.size());
  std::iota(order.begin(), order.end(), Term{0});
  std::sort(order.begin() + 1, order.end(), [&](Term a, Term b) { return texts[a] < texts[b]; });
  std::vector<Term> rank(texts.size());
  for (Term i = 0; i < order.size(); ++i) rank[order[i]] = i;
  auto& dictionary = both.dictionary;
  dictionary.texts.resize(texts.size());
  for (Term i = 0; i < order.size(); ++i) dictionary.texts[i] = std::move(texts[order[i]]);
  dictionary.seen.assign(order.size(), {0, 0});
  for (std::size_t side = 0; side < 2; ++side) {
    for (auto& features : both.lists[side]) {
      std::vector<Term> all;
      each_term(features, [&](Term& term) {
        term = rank[term];
        if (term != 0) all.push_back(term);
      });
      std::sort(all.begin(), all.end());
      all.erase(std::unique(all.begin(), all.end()), all.end());
      for (const Term each : all) ++dictionary.seen[each][side];
    }
  }
}

/// The chance that a record that is another one has this text. One of those that have it is the
/// record itself; a text seen once is likely to be seen again by chance in a longer list.
void find_shares(Both& both) {
  auto& dictionary = both.dictionary;
  const auto records = static_cast<double>(both.longer());
  dictionary.share.assign(dictionary.texts.size(), 1);
  dictionary.surprise.assign(dictionary.texts.size(), 0);
  for (std::size_t i = 1; i < dictionary.texts.size(); ++i) {
    const auto belief = belief_of(dictionary.texts[i]);
    const double others = std::max(dictionary.seen[i][0], dictionary.seen[i][1]) - 1.0;
    const double unseen = 0.3 * records / (records + 500);
    dictionary.share[i] =
        std::min(1.0, (others + belief.share * belief.weight + unseen) / (records + belief.weight));
    dictionary.surprise[i] = -ln(dictionary.share[i]);
  }
}

}  // namespace

std::string phone_digits(std::string_view phone) {
  constexpr std::size_t least = 6, compared = 8;
  std::string digits;
  for (const char c : phone)
    if (c >= '0' && c <= '9') digits += c;
  if (digits.size() < least) return {};
  return digits.size() > compared ? digits.substr(digits.size() - compared) : digits;
}

std::string letters_and_digits(std::string_view text) {
  auto out = text::fold(text);
  std::erase(out, ' ');
  return out;
}

std::string domain_of(std::string_view address) {
  std::string out;
  for (const char c : address) out += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  if (const auto at = out.rfind('@'); at != std::string::npos) out.erase(0, at + 1);
  if (const auto scheme = out.find("://"); scheme != std::string::npos) out.erase(0, scheme + 3);
  if (out.starts_with("www.")) out.erase(0, 4);
  out.resize(std::min(out.find_first_of("/?#: "), out.size()));
  return out.find('.') == std::string::npos ? std::string() : out;
}

Both take_apart(const std::vector<Record>& ours, const std::vector<Record>& theirs) {
  Both out;
  Intern intern;
  for (std::size_t side = 0; side < 2; ++side) {
    const auto& records = side == 0 ? ours : theirs;
    const auto order = ids_in_order(records);
    out.lists[side].reserve(order.size());
    for (const auto place : order) {
      out.lists[side].push_back(features_of(intern, records[place]));
      out.lists[side].back().record = place;
    }
  }
  sort_dictionary(out, intern.take());
  find_shares(out);
  return out;
}

}  // namespace rekey::mapping
