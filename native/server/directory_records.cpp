#include "native/server/directory_records.hpp"

#include <unordered_set>

#include "native/store/tenants.hpp"

namespace rekey::server {

std::string complaint_about_id(const std::string& id) {
  return id.empty() || id.size() > 128 ? "an id is 1 to 128 bytes long" : "";
}

std::string complaint_about(const std::string& id, const std::string& name,
                            const std::string& detail) {
  if (auto wrong = complaint_about_id(id); !wrong.empty()) return wrong;
  if (name.empty() || name.size() > 1024) return "a name is 1 to 1024 bytes long";
  if (detail.size() > 1024) return "a detail is at most 1024 bytes long";
  return {};
}

Result<std::vector<mapping::Record>> records_of(
    mapping::Section section, const std::optional<std::vector<RecordBody>>& bodies) {
  std::vector<mapping::Record> out;
  if (!bodies) return out;
  const std::string where = std::string(wire::name_of(section)) + "[";
  std::unordered_set<std::string_view> ids;
  out.reserve(bodies->size());
  for (const auto& each : *bodies) {
    const auto at = where + std::to_string(out.size()) + "]: ";
    const auto wrong = complaint_about(each.id, each.name, each.detail.value_or(""));
    if (!wrong.empty()) return fail(Code::bad_input, at + wrong + ". Nothing was changed.");
    if (!ids.insert(each.id).second)
      return fail(Code::bad_input, at + "another record of " + std::string(wire::name_of(section)) +
                                       " has the same id. Nothing was changed.");
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
