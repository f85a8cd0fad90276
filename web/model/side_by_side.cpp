#include "web/model/side_by_side.hpp"

#include <algorithm>

namespace rekey::web {

namespace {

using mapping::Reason;
using mapping::Record;

/// What is compared of a text: letters and digits, of ASCII in lower case.
std::string bare(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool upper = c >= 'A' && c <= 'Z';
    const bool kept = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c & 0x80) != 0;
    if (upper)
      out += static_cast<char>(c - 'A' + 'a');
    else if (kept)
      out += c;
  }
  return out;
}

std::string joined(const std::vector<std::string>& texts, std::string_view between) {
  std::string out;
  for (const auto& each : texts) {
    if (each.empty()) continue;
    if (!out.empty()) out += between;
    out += each;
  }
  return out;
}

/// Whether the two have an entry in common. The last nine digits are a phone's; others are compared
/// whole.
bool share_one(const std::vector<std::string>& ours, const std::vector<std::string>& theirs,
               bool phones) {
  const auto form = [&](const std::string& text) {
    auto out = bare(text);
    if (!phones) return out;
    std::erase_if(out, [](char c) { return c < '0' || c > '9'; });
    return out.size() > 9 ? out.substr(out.size() - 9) : out;
  };
  return std::any_of(ours.begin(), ours.end(), [&](const auto& mine) {
    return std::any_of(theirs.begin(), theirs.end(), [&](const auto& other) {
      return !form(mine).empty() && form(mine) == form(other);
    });
  });
}

class Pairs {
 public:
  explicit Pairs(const std::vector<Reason>& reasons) : reasons_(reasons) {}

  void add(std::string_view field, const std::string& ours, const std::string& theirs,
           std::initializer_list<Reason> same = {}, std::initializer_list<Reason> similar = {}) {
    add(field, ours, theirs, bare(ours) == bare(theirs) && !bare(ours).empty(), same, similar);
  }
  void add(std::string_view field, const std::string& ours, const std::string& theirs, bool equal,
           std::initializer_list<Reason> same, std::initializer_list<Reason> similar) {
    if (ours.empty() && theirs.empty()) return;
    auto agreement = Agreement::different;
    if (ours.empty() || theirs.empty())
      agreement = Agreement::one_only;
    else if (equal || ours == theirs || any(same))
      agreement = Agreement::same;
    else if (any(similar))
      agreement = Agreement::similar;
    all.push_back({field, ours, theirs, agreement});
  }

  bool says(const std::string& value) const {
    return value.empty() || std::any_of(all.begin(), all.end(), [&](const FieldPair& each) {
             return each.ours == value || each.theirs == value;
           });
  }

  std::vector<FieldPair> all;

 private:
  bool any(std::initializer_list<Reason> wanted) const {
    return std::any_of(wanted.begin(), wanted.end(), [&](Reason each) {
      return std::find(reasons_.begin(), reasons_.end(), each) != reasons_.end();
    });
  }
  const std::vector<Reason>& reasons_;
};

std::string person(const Record& record) {
  return joined({record.given_name, record.family_name}, " ");
}

}  // namespace

std::vector<FieldPair> side_by_side(const Record& ours, const Record& theirs,
                                    const std::vector<Reason>& reasons) {
  Pairs pairs(reasons);
  pairs.add("name", ours.name, theirs.name, {Reason::same_name},
            {Reason::similar_name, Reason::part_of_name});
  pairs.add("company", ours.company, theirs.company, {Reason::same_company});
  pairs.add("person", person(ours), person(theirs));
  pairs.add("parent", ours.parent, theirs.parent, {Reason::same_parent});
  pairs.add("number", ours.number, theirs.number, {Reason::same_number});
  pairs.add("kind", ours.kind, theirs.kind);
  pairs.add("email", joined(ours.emails, ", "), joined(theirs.emails, ", "),
            share_one(ours.emails, theirs.emails, false), {Reason::same_email},
            {Reason::same_email_domain});
  pairs.add("phone", joined(ours.phones, ", "), joined(theirs.phones, ", "),
            share_one(ours.phones, theirs.phones, true), {Reason::same_phone}, {});
  pairs.add("street", ours.street, theirs.street, {Reason::same_address}, {Reason::same_street});
  pairs.add("postcode", ours.postcode, theirs.postcode, {Reason::same_postcode});
  pairs.add("city", ours.city, theirs.city, {Reason::same_city});
  pairs.add("country", ours.country, theirs.country);
  pairs.add("tax_number", ours.tax_number, theirs.tax_number, {Reason::same_tax_number});
  pairs.add("website", ours.website, theirs.website, {Reason::same_website});
  // Often a summary of what stands above.
  if (!pairs.says(ours.detail) || !pairs.says(theirs.detail))
    pairs.add("detail", ours.detail, theirs.detail, {Reason::same_detail});
  return std::move(pairs.all);
}

}  // namespace rekey::web
