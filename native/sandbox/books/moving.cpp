#include "native/sandbox/books/moving.hpp"

#include <algorithm>

#include "native/sandbox/made/seed.hpp"
#include "native/sandbox/schema/property.hpp"
#include "native/sandbox/text/times.hpp"

namespace rekey::sandbox {

namespace {

using nlohmann::json;

/// An active record that the dice choose; nothing when there seems to be none.
std::optional<json> active_record(const Company& company, Entity entity, std::uint64_t dice,
                                  const std::string& but_not = {}) {
  const std::uint64_t rows = company.rows(entity);
  for (std::uint64_t tries = 0; rows > 0 && tries < 100; ++tries) {
    const std::uint64_t row = mix(dice, tries) % rows;
    if (company.gone(entity, row) || !company.active(entity, row)) continue;
    json record = company.read(entity, row);
    if (!is_deletion(record) && record["Id"] != but_not) return record;
  }
  return std::nullopt;
}

std::optional<json> record_to_move(const Company& company, Entity entity, std::uint64_t dice,
                                   const std::string& id) {
  if (id.empty()) return active_record(company, entity, dice);
  const auto row = company.row_of(entity, id);
  return row ? std::optional(company.read(entity, *row)) : std::nullopt;
}

/// Gives a record another name, and its place at the top of its list.
void call(json& record, const std::string& name) {
  for (const char* property : {"DisplayName", "Name", "FullyQualifiedName", "PrintOnCheckName"})
    if (record.contains(property)) record[property] = name;
  record.erase("ParentRef");
  record.erase("Level");
  for (const char* flag : {"Job", "SubAccount", "SubItem", "SubClass", "SubDepartment"})
    if (record.contains(flag)) record[flag] = false;
}

void touch(json& record, Instant now) {
  const auto before = std::strtoull(record.value("SyncToken", "0").c_str(), nullptr, 10);
  record["SyncToken"] = std::to_string(before + 1);
  record["MetaData"]["LastUpdatedTime"] = pacific_seconds(now);
}

/// A letter in front, so that the name stands elsewhere in its list. The id makes it the only one.
std::string other_name(const char* what, const json& record, std::uint64_t dice) {
  return std::string(1, static_cast<char>('A' + mix(dice, 7) % 26)) + " " + what + " " +
         std::to_string(mix(dice, 8) % 1000) + " (" + record["Id"].get<std::string>() + ")";
}

Moved insert(Company& company, Entity entity, json record, std::uint64_t dice, Instant now) {
  record["Id"] = company.next_id(entity);
  record["SyncToken"] = "0";
  record["MetaData"] = {{"CreateTime", pacific_seconds(now)},
                        {"LastUpdatedTime", pacific_seconds(now)}};
  call(record, other_name("new", record, dice));
  company.write(entity, record, now);
  return {record["Id"], ""};
}

/// Something about a record that is not its name, where it has such a thing.
void change(json& record, std::uint64_t dice) {
  if (record.contains("DisplayName")) {
    record["Notes"] = "Changed " + std::to_string(mix(dice, 9) % 1000);
    record["PrimaryEmailAddr"] = {
        {"Address", "office" + std::to_string(mix(dice, 10) % 100000) + "@mail.example"}};
  } else {
    record["Description"] = "Changed " + std::to_string(mix(dice, 9) % 1000);
  }
}

}  // namespace

std::optional<RowMove> row_move_named(std::string_view name) {
  const auto found = std::find(std::begin(row_move_names), std::end(row_move_names), name);
  if (found == std::end(row_move_names)) return std::nullopt;
  return static_cast<RowMove>(found - std::begin(row_move_names));
}

std::optional<Moved> move_row(Company& company, Entity entity, RowMove move, std::uint64_t dice,
                              Instant now, const std::string& id) {
  if (entity == Entity::company_info || entity == Entity::preferences) return std::nullopt;
  const auto one_after_the_other = company.writing();
  if (move == RowMove::reorder) {
    company.set_disorder(entity, mix(dice, 5) | 1);
    return Moved{};
  }
  auto record = record_to_move(company, entity, dice, move == RowMove::insert ? "" : id);
  if (!record) return std::nullopt;
  if (move == RowMove::insert) return insert(company, entity, std::move(*record), dice, now);
  const std::string which = (*record)["Id"];
  if (move == RowMove::remove || move == RowMove::merge) {
    auto other = active_record(company, entity, mix(dice, 6), which);
    // A list is never emptied.
    if (!other) return std::nullopt;
    if (move == RowMove::remove) {
      company.remove(entity, which, now);
      return Moved{which, ""};
    }
    touch(*other, now);
    company.write(entity, *other, now);
    company.remove(entity, which, now, (*other)["Id"]);
    return Moved{which, (*other)["Id"]};
  }
  if (move == RowMove::rename) call(*record, other_name("renamed", *record, dice));
  if (move == RowMove::change) change(*record, dice);
  touch(*record, now);
  company.write(entity, *record, now);
  return Moved{which, ""};
}

}  // namespace rekey::sandbox
