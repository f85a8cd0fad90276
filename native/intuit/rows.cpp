#include "native/intuit/rows.hpp"

#include <algorithm>

#include "core/wire/mend.hpp"

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

void take(accounting::Page& page, const Json& row, bool mended) {
  const auto at = page.size();
  if (!row.is_object()) {
    page.misfits.push_back({at, imports::Unfit::no_object});
    return;
  }
  auto id = id_of(row);
  if (id.empty()) {
    page.misfits.push_back({at, imports::Unfit::no_id});
    return;
  }
  if (mended && wire::is_mended(row)) ++page.mended;
  page.rows.push_back({std::move(id), wire::dump(row)});
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
