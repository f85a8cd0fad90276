#include "native/work/company_records.hpp"

namespace rekey::work {

namespace {

/// A list that is longer is none that may be held in memory for every row that is read.
constexpr std::size_t most_of_small_list = 10'000;

}  // namespace

CompanyRecords::CompanyRecords(store::Database& db, const accounting::System& system,
                               std::string connection, std::string realm_id)
    : system_(system), connection_(std::move(connection)), realm_id_(std::move(realm_id)) {
  for (const auto entity : system_.small_lists()) {
    auto& rows = small_[entity];
    store::each_imported(db, list_of(entity), [&](const store::ImportedRow& row) {
      if (auto json = wire::parse(row.body, "An imported row")) rows.push_back(std::move(*json));
      return rows.size() < most_of_small_list;
    });
  }
}

mapping::Record CompanyRecords::record_of(imports::Entity entity, const wire::Json& row) const {
  return system_.record_of(entity, row, small_);
}

std::vector<mapping::Record> CompanyRecords::beside(store::Database& db,
                                                    imports::Entity entity) const {
  auto records = system_.records_beside(entity, small_);
  std::erase_if(records, [&](const mapping::Record& each) {
    const auto row = store::imported_row(db, list_of(entity), each.id);
    return row && !row->gone;
  });
  return records;
}

std::vector<mapping::Record> CompanyRecords::list(store::Database& db,
                                                  imports::Entity entity) const {
  auto records = store::imported_list(
      db, list_of(entity),
      [this](imports::Entity of, const wire::Json& row) { return record_of(of, row); });
  for (auto& each : beside(db, entity)) records.push_back(std::move(each));
  return records;
}

void CompanyRecords::each(store::Database& db, imports::Entity entity,
                          const std::function<bool(const std::string& id)>& wanted,
                          const std::function<void(const mapping::Record&)>& each) const {
  store::each_imported(db, list_of(entity), [&](const store::ImportedRow& row) {
    if (!wanted(row.id)) return true;
    if (const auto json = wire::parse(row.body, "An imported row")) {
      auto record = record_of(entity, *json);
      record.id = row.id;  // the id that it is kept by, however the row has it
      each(record);
    }
    return true;
  });
  for (const auto& record : beside(db, entity))
    if (wanted(record.id)) each(record);
}

}  // namespace rekey::work
