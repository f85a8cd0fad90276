#include "native/server/directory_records.hpp"

#include <unordered_set>

#include "native/store/tenants.hpp"
#include "native/words/words.hpp"

namespace rekey::server {

namespace {

using mapping::Record;

/// How long a text of a record may be, in bytes: what any accounting system takes, and some more.
struct TextLimit {
  std::string_view name;
  std::string Record::*member;
  std::size_t most;
};
constexpr TextLimit text_limits[] = {
    {"given_name", &Record::given_name, 256}, {"family_name", &Record::family_name, 256},
    {"company", &Record::company, 1024},      {"parent", &Record::parent, 1024},
    {"street", &Record::street, 1024},        {"city", &Record::city, 256},
    {"postcode", &Record::postcode, 64},      {"country", &Record::country, 128},
    {"tax_number", &Record::tax_number, 128}, {"number", &Record::number, 128},
    {"website", &Record::website, 1024},      {"kind", &Record::kind, 128}};

/// How many texts a list of a record may have, and how long each may be.
struct ListLimit {
  std::string_view name;
  std::vector<std::string> Record::*member;
  std::size_t most, longest;
};
constexpr ListLimit list_limits[] = {{"emails", &Record::emails, 20, 320},
                                     {"phones", &Record::phones, 20, 64}};

std::string complaint_about_texts(const Record& record) {
  for (const auto& each : text_limits)
    if ((record.*each.member).size() > each.most)
      return words::say("record.text",
                        {{"member", std::string(each.name)}, {"most", std::to_string(each.most)}});
  return {};
}

std::string complaint_about_lists(const Record& record) {
  for (const auto& each : list_limits) {
    const auto& texts = record.*each.member;
    if (texts.size() > each.most)
      return words::say("record.list",
                        {{"member", std::string(each.name)}, {"most", std::to_string(each.most)}});
    for (std::size_t i = 0; i < texts.size(); ++i)
      if (texts[i].empty() || texts[i].size() > each.longest)
        return words::say("record.list_item", {{"member", std::string(each.name)},
                                               {"index", std::to_string(i)},
                                               {"most", std::to_string(each.longest)}});
  }
  return {};
}

}  // namespace

mapping::Record record_of(const std::string& id, const std::string& name,
                          const RecordDetails& details) {
  const auto text = [](const std::optional<std::string>& given) { return given.value_or(""); };
  const auto list = [](const std::optional<std::vector<std::string>>& given) {
    return given.value_or(std::vector<std::string>{});
  };
  Record out{id, name, text(details.detail), true};
  out.given_name = text(details.given_name);
  out.family_name = text(details.family_name);
  out.company = text(details.company);
  out.parent = text(details.parent);
  out.emails = list(details.emails);
  out.phones = list(details.phones);
  out.street = text(details.street);
  out.city = text(details.city);
  out.postcode = text(details.postcode);
  out.country = text(details.country);
  out.tax_number = text(details.tax_number);
  out.number = text(details.number);
  out.website = text(details.website);
  out.kind = text(details.kind);
  return out;
}

std::string complaint_about_id(const std::string& id) {
  return id.empty() || id.size() > 128 ? words::say("record.id") : std::string();
}

std::string complaint_about(const mapping::Record& record) {
  if (auto wrong = complaint_about_id(record.id); !wrong.empty()) return wrong;
  if (record.name.empty() || record.name.size() > 1024) return words::say("record.name");
  if (record.detail.size() > 1024) return words::say("record.detail");
  if (auto wrong = complaint_about_texts(record); !wrong.empty()) return wrong;
  return complaint_about_lists(record);
}

Result<std::vector<mapping::Record>> records_of(
    mapping::Section section, const std::optional<std::vector<RecordBody>>& bodies) {
  std::vector<mapping::Record> out;
  if (!bodies) return out;
  const std::string name(wire::name_of(section));
  std::unordered_set<std::string_view> ids;
  out.reserve(bodies->size());
  for (const auto& each : *bodies) {
    auto record = record_of(each.id, each.name, each);
    auto wrong = complaint_about(record);
    if (wrong.empty() && !ids.insert(each.id).second)
      wrong = words::say("record.id_twice", {{"section", name}});
    if (!wrong.empty())
      return fail(
          Code::bad_input,
          words::say("bad_input.record",
                     {{"section", name}, {"index", std::to_string(out.size())}, {"wrong", wrong}}));
    out.push_back(std::move(record));
  }
  return out;
}

wire::Json as_given(const mapping::Record& record) {
  wire::Json out = {{"id", record.id}, {"name", record.name}, {"detail", record.detail}};
  std::apply([&](const auto&... each) { (wire::write_field(out, record, each), ...); },
             mapping::Record::details());
  return out;
}

bool is_told(mapping::Section section, bool has_records) {
  return has_records || mapping::is_among(section, mapping::usual_sections);
}

wire::Json counts_of(const std::function<std::int64_t(mapping::Section)>& count) {
  auto out = wire::Json::object();
  for (const auto section : mapping::all_sections) {
    const auto records = count(section);
    if (is_told(section, records > 0)) out[std::string(wire::name_of(section))] = records;
  }
  return out;
}

wire::Json counts_of(store::Database& db, const std::string& tenant) {
  auto counts = store::directory_counts(db, tenant);
  return counts_of(
      [&](mapping::Section section) { return counts[std::string(wire::name_of(section))]; });
}

}  // namespace rekey::server
