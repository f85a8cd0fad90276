#include "native/server/directory_records.hpp"

#include <unordered_set>

#include "native/store/tenants.hpp"
#include "native/words/words.hpp"

namespace rekey::server {

std::string complaint_about_id(const std::string& id) {
  return id.empty() || id.size() > 128 ? words::say("record.id") : std::string();
}

std::string complaint_about(const std::string& id, const std::string& name,
                            const std::string& detail) {
  if (auto wrong = complaint_about_id(id); !wrong.empty()) return wrong;
  if (name.empty() || name.size() > 1024) return words::say("record.name");
  if (detail.size() > 1024) return words::say("record.detail");
  return {};
}

Result<std::vector<mapping::Record>> records_of(
    mapping::Section section, const std::optional<std::vector<RecordBody>>& bodies) {
  std::vector<mapping::Record> out;
  if (!bodies) return out;
  const std::string name(wire::name_of(section));
  std::unordered_set<std::string_view> ids;
  out.reserve(bodies->size());
  for (const auto& each : *bodies) {
    auto wrong = complaint_about(each.id, each.name, each.detail.value_or(""));
    if (wrong.empty() && !ids.insert(each.id).second)
      wrong = words::say("record.id_twice", {{"section", name}});
    if (!wrong.empty())
      return fail(
          Code::bad_input,
          words::say("bad_input.record",
                     {{"section", name}, {"index", std::to_string(out.size())}, {"wrong", wrong}}));
    out.push_back({each.id, each.name, each.detail.value_or(""), true});
  }
  return out;
}

wire::Json counts_of(store::Database& db, const std::string& tenant) {
  auto counts = store::directory_counts(db, tenant);
  auto out = wire::Json::object();
  for (const auto section : mapping::all_sections) {
    const std::string name(wire::name_of(section));
    out[name] = counts[name];
  }
  return out;
}

}  // namespace rekey::server
