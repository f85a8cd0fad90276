#include "native/intuit/rows.hpp"

#include <algorithm>

#include "core/wire/mend.hpp"
#include "native/intuit/row_text.hpp"
#include "native/system/rfc3339.hpp"

namespace rekey::intuit {

namespace {

using wire::Json;

char small(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
}

bool is_same_word(std::string_view left, std::string_view right) {
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [](char a, char b) { return small(a) == small(b); });
}

/// What a person may know a row by that has no id.
std::string name_in(const Json& row) {
  for (const char* name : {"DisplayName", "FullyQualifiedName", "Name", "CompanyName"})
    if (auto text = readable(member_in_any_case(&row, name)); !text.empty()) return text;
  return {};
}

void take(accounting::Page& page, const Json& row, bool mended) {
  const auto at = page.size();
  if (!row.is_object()) {
    page.misfits.push_back({at, imports::Unfit::no_object, readable(&row)});
    return;
  }
  auto id = id_of(row);
  if (id.empty()) {
    page.misfits.push_back({at, imports::Unfit::no_id, name_in(row)});
    return;
  }
  if (mended && wire::is_mended(row)) ++page.mended;
  page.rows.push_back({std::move(id), wire::dump(row)});
}

/// So many objects are told at once (Intuit: change data capture).
constexpr std::size_t most_changes = 1000;

accounting::ListChanges list_changes_of(imports::Entity entity, const Json& rows) {
  accounting::ListChanges out{entity, {}, rows.is_array()};
  if (!rows.is_array()) return out;
  for (const auto& row : rows) {
    auto id = id_of(row);
    if (id.empty()) {
      out.whole = false;  // something of it cannot be told here
      continue;
    }
    const auto* status = member_in_any_case(&row, "status");
    const bool gone = status && status->is_string() &&
                      is_same_word(status->get_ref<const std::string&>(), "Deleted");
    out.changes.push_back({std::move(id), gone ? std::nullopt : std::optional(wire::dump(row))});
  }
  return out;
}

}  // namespace

const Json* member_in_any_case(const Json* json, std::string_view name) {
  if (!json || !json->is_object()) return nullptr;
  if (const auto at = json->find(std::string(name)); at != json->end()) return &*at;
  for (auto at = json->begin(); at != json->end(); ++at)
    if (is_same_word(at.key(), name)) return &*at;
  return nullptr;
}

std::string id_of(const Json& row) {
  const auto* id = member_in_any_case(&row, "Id");
  if (!id) return {};
  if (id->is_number_integer()) return id->dump();
  if (!id->is_string()) return {};
  // No database key, no statement and no address has a zero in it.
  const auto& text = id->get_ref<const std::string&>();
  return text.find('\0') == std::string::npos ? text : std::string();
}

std::optional<Instant> time_of(const Json& answer) {
  const auto* time = member_in_any_case(&answer, "time");
  if (!time || !time->is_string()) return {};
  return read_rfc3339(time->get_ref<const std::string&>());
}

std::optional<accounting::Changes> changes_of(const Json& answer,
                                              const std::vector<imports::Entity>& asked) {
  const auto* responses = member_in_any_case(&answer, "CDCResponse");
  if (!responses || !responses->is_array()) return {};
  accounting::Changes out;
  out.time = time_of(answer);
  std::size_t records = 0;
  for (const auto& response : *responses) {
    const auto* blocks = member_in_any_case(&response, "QueryResponse");
    if (!blocks || !blocks->is_array()) return {};
    // The blocks do not stand in the order asked for: each says by a member's name which it is.
    for (const auto& block : *blocks)
      for (const auto entity : asked) {
        const auto* rows = member_in_any_case(&block, wire::name_of(entity));
        if (!rows) continue;
        auto list = list_changes_of(entity, *rows);
        records += rows->size();
        out.lists.push_back(std::move(list));
      }
  }
  // More is not told, and nor is that there is more.
  if (records >= most_changes)
    for (auto& each : out.lists) each.whole = false;
  return out;
}

std::optional<accounting::Page> page_of(const Json* list, bool mended) {
  accounting::Page out;
  if (!list || list->is_null()) return out;
  if (list->is_object()) {
    take(out, *list, mended);
    return out;
  }
  if (!list->is_array()) return {};
  out.rows.reserve(list->size());
  for (const auto& each : *list) take(out, each, mended);
  return out;
}

}  // namespace rekey::intuit
