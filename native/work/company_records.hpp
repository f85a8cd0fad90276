// What was imported of a company, as records that people can choose.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "native/accounting/system.hpp"
#include "native/store/imported.hpp"

namespace rekey::work {

/// Reads kept rows of one company, with what its small lists say of them. It holds the small lists
/// as they were when it was made.
class CompanyRecords {
 public:
  /// `system` must outlive it.
  CompanyRecords(store::Database& db, const accounting::System& system, std::string connection,
                 std::string realm_id);

  /// A row that was read from the store.
  mapping::Record record_of(imports::Entity entity, const wire::Json& row) const;
  /// What the company has decided about itself.
  mapping::CompanyFacts facts() const { return system_.facts_of(small_); }
  /// What can be chosen in a list beside its rows: none of it has the id of a row.
  std::vector<mapping::Record> beside(store::Database& db, imports::Entity entity) const;
  /// A whole list: its rows in the order of the provider, and what is beside them.
  std::vector<mapping::Record> list(store::Database& db, imports::Entity entity) const;
  /// The same one by one, the rows in the order of their ids, and only those whose id is wanted: a
  /// list is never in memory as a whole. Nothing is being read of `db` while `each` is called.
  void each(store::Database& db, imports::Entity entity,
            const std::function<bool(const std::string& id)>& wanted,
            const std::function<void(const mapping::Record&)>& each) const;

 private:
  store::List list_of(imports::Entity entity) const { return {connection_, realm_id_, entity}; }

  const accounting::System& system_;
  std::string connection_, realm_id_;
  accounting::SmallLists small_;
};

}  // namespace rekey::work
