#include "native/sandbox/books/written.hpp"

#include <algorithm>
#include <mutex>

#include "native/sandbox/text/letters.hpp"
#include "native/sandbox/text/times.hpp"

namespace rekey::sandbox {

using nlohmann::json;

json deletion_of(const std::string& id, Instant at) {
  return {{"Id", id},
          {"status", "Deleted"},
          {"domain", "QBO"},
          {"MetaData", {{"LastUpdatedTime", pacific_seconds(at)}}}};
}

bool is_deletion(const json& record) {
  return record.is_object() && record.value("status", "") == "Deleted";
}

const Written::Kind* Written::kind(Entity entity) const {
  const auto found = kinds_.find(entity);
  return found == kinds_.end() ? nullptr : &found->second;
}

void Written::put(Entity entity, const json& record, bool is_new, Instant at) {
  const std::unique_lock lock(mutex_);
  Kind& into = kinds_[entity];
  const auto id = record.at("Id").get<std::string>();
  Row& row = into.rows[id];
  if (is_new && !row.position) {
    row.position = into.added.size();
    into.added.push_back(id);
  }
  into.gone += is_deletion(record) ? 1 : 0;
  into.gone -= is_deletion(row.record) ? 1 : 0;
  row.record = record;
  row.at = at;
  ++into.revision;
}

std::optional<json> Written::find(Entity entity, std::string_view id) const {
  const std::shared_lock lock(mutex_);
  const Kind* of = kind(entity);
  if (!of) return std::nullopt;
  const auto found = of->rows.find(id);
  if (found == of->rows.end()) return std::nullopt;
  return found->second.record;
}

bool Written::has(Entity entity, std::string_view id) const {
  const std::shared_lock lock(mutex_);
  const Kind* of = kind(entity);
  return of && of->rows.find(id) != of->rows.end();
}

bool Written::gone(Entity entity, std::string_view id) const {
  const std::shared_lock lock(mutex_);
  const Kind* of = kind(entity);
  if (!of || of->gone == 0) return false;
  const auto found = of->rows.find(id);
  return found != of->rows.end() && is_deletion(found->second.record);
}

bool Written::any_gone(Entity entity) const {
  const std::shared_lock lock(mutex_);
  const Kind* of = kind(entity);
  return of && of->gone != 0;
}

bool Written::any(Entity entity) const {
  const std::shared_lock lock(mutex_);
  return kind(entity) != nullptr;
}

std::uint64_t Written::added(Entity entity) const {
  const std::shared_lock lock(mutex_);
  const Kind* of = kind(entity);
  return of ? of->added.size() : 0;
}

json Written::added_at(Entity entity, std::uint64_t position) const {
  const std::shared_lock lock(mutex_);
  const Kind& of = kinds_.at(entity);
  return of.rows.at(of.added.at(position)).record;
}

std::optional<std::uint64_t> Written::position_of(Entity entity, std::string_view id) const {
  const std::shared_lock lock(mutex_);
  const Kind* of = kind(entity);
  if (!of) return std::nullopt;
  const auto found = of->rows.find(id);
  return found == of->rows.end() ? std::nullopt : found->second.position;
}

std::vector<json> Written::since(Entity entity, Instant from, std::size_t limit) const {
  const std::shared_lock lock(mutex_);
  const Kind* of = kind(entity);
  std::vector<const Row*> rows;
  if (of)
    for (const auto& [id, row] : of->rows)
      if (row.at >= from) rows.push_back(&row);
  std::stable_sort(rows.begin(), rows.end(),
                   [](const Row* a, const Row* b) { return a->at < b->at; });
  std::vector<json> out;
  for (const Row* row : rows)
    if (out.size() < limit) out.push_back(row->record);
  return out;
}

std::optional<std::string> Written::with_text(Entity entity, const char* property,
                                              std::string_view text) const {
  const std::shared_lock lock(mutex_);
  const Kind* of = kind(entity);
  if (!of) return std::nullopt;
  for (const auto& [id, row] : of->rows) {
    const auto found = row.record.find(property);
    if (found != row.record.end() && found->is_string() &&
        same_ignoring_case(found->get_ref<const std::string&>(), text))
      return id;
  }
  return std::nullopt;
}

std::uint64_t Written::revision(Entity entity) const {
  const std::shared_lock lock(mutex_);
  const Kind* of = kind(entity);
  return of ? of->revision : 0;
}

}  // namespace rekey::sandbox
