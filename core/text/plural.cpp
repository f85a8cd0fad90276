#include "core/text/plural.hpp"

#include <algorithm>

namespace rekey::text {

namespace {

using enum PluralForm;
constexpr std::int64_t million = 1'000'000;

PluralForm english(std::int64_t n) {
  return n == 1 ? one : other;
}

// "Un million de clients": whole millions have a form of their own in both.
PluralForm spanish(std::int64_t n) {
  return n != 0 && n % million == 0 ? many : english(n);
}

PluralForm french(std::int64_t n) {
  return n == 0 ? one : spanish(n);
}

PluralForm japanese(std::int64_t) {
  return other;
}

PluralForm arabic(std::int64_t n) {
  if (n <= 2) return n == 0 ? zero : n == 1 ? one : two;
  const auto rest = n % 100;
  if (rest >= 3 && rest <= 10) return few;
  return rest >= 11 ? many : other;
}

struct Rule {
  std::string_view language;
  PluralForm (*form)(std::int64_t);
};
constexpr Rule rules[] = {{"ar", arabic},  {"de", english}, {"en", english},
                          {"es", spanish}, {"fr", french},  {"ja", japanese}};

auto rule_of(std::string_view language) {
  const auto base = language.substr(0, language.find('-'));
  const auto* at = std::find_if(std::begin(rules), std::end(rules),
                                [&](const Rule& each) { return each.language == base; });
  return at == std::end(rules) ? english : at->form;
}

}  // namespace

PluralForm plural_form(std::string_view language, std::int64_t count) {
  return rule_of(language)(count < 0 ? -count : count);
}

std::vector<PluralForm> plural_forms(std::string_view language) {
  std::vector<PluralForm> out;
  const auto rule = rule_of(language);
  for (const auto form : {zero, one, two, few, many, other}) {
    bool is_used = rule(million) == form;
    for (std::int64_t n = 0; n <= 100 && !is_used; ++n) is_used = rule(n) == form;
    if (is_used) out.push_back(form);
  }
  return out;
}

}  // namespace rekey::text
