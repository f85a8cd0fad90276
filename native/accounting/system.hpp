// What an accounting system is to the rest of the backend. Each one implements this in a folder of
// its own.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/connect/state.hpp"
#include "core/import/entity.hpp"
#include "core/import/row.hpp"
#include "core/mapping/configuration.hpp"
#include "core/mapping/facts.hpp"
#include "core/oauth/meaning.hpp"
#include "core/oauth/oauth1.hpp"
#include "core/secret.hpp"
#include "core/time.hpp"
#include "native/async/task.hpp"

namespace rekey::accounting {

/// What a call came to. The failure holds what the answer means, never its status or code.
template <class T>
using Read = tl::expected<T, oauth::Failure>;

/// The kept rows of a company's small lists: what rows of other lists refer to, such as the rates
/// of tax codes, and what the company itself has decided.
using SmallLists = std::map<imports::Entity, std::vector<wire::Json>>;

/// A part of a list, in its order.
struct Page {
  std::vector<imports::Row> rows;
  std::vector<imports::Misfit> misfits;  ///< what stands between them and is no row
  std::int64_t mended = 0;               ///< rows in which characters were replaced
  std::optional<Instant> time{};         ///< the provider's, if it said

  /// How many records stand in it, those that are no rows included.
  std::int64_t size() const { return static_cast<std::int64_t>(rows.size() + misfits.size()); }
};

/// A record that was added, changed or removed.
struct Change {
  std::string id;
  std::optional<std::string> body;  ///< JSON; none: it is there no more
};
/// What changed in a list.
struct ListChanges {
  imports::Entity entity = imports::Entity::customer;
  std::vector<Change> changes;
  bool whole = true;  ///< all that changed; otherwise it was too much, and the list is to be read
};
struct Changes {
  std::vector<ListChanges> lists;  ///< in any order; one that is not there has not changed
  std::optional<Instant> time{};   ///< the provider's: up to here
};

/// The accounting API of one provider. Safe to share between threads; must outlive what it has been
/// asked.
class System {
 public:
  System() = default;
  virtual ~System() = default;
  System(const System&) = delete;
  System& operator=(const System&) = delete;

  /// The proof of a grant: the company itself. `realm_id` is empty with a provider that names no
  /// company in its callback (`Provider::company_in_callback`).
  virtual async::Task<Read<connect::Company>> company(std::string realm_id,
                                                      Secret access_token) const = 0;

  /// A part of a list, from record `start` (counting from 1), at most `most` (1 to `most_rows`),
  /// inactive ones included, in an order that stays as long as the list does. It may be shorter
  /// than asked for, though more follow. A list that this system does not have is `list_refused`.
  virtual async::Task<Read<Page>> page(imports::Entity entity, std::string realm_id,
                                       Secret access_token, std::int64_t start,
                                       std::int64_t most) const = 0;
  /// How many rows it gives at once.
  virtual std::int64_t most_rows() const = 0;

  /// Whether a list is one that can be counted: otherwise it has one record, or none.
  virtual bool is_counted(imports::Entity) const { return true; }
  /// How many records a list has, as `page` gives them.
  virtual async::Task<Read<std::int64_t>> count(imports::Entity entity, std::string realm_id,
                                                Secret access_token) const = 0;

  /// How far back it can tell what changed in a list; 0: it does not tell.
  virtual Millis tells_changes(imports::Entity) const { return Millis{0}; }
  /// What changed in these lists since a time of the provider's.
  virtual async::Task<Read<Changes>> changes(std::vector<imports::Entity> entities,
                                             std::string realm_id, Secret access_token,
                                             Instant since) const;

  /// The lists whose rows say something of the rows of others: all of their rows are to be at hand
  /// where rows are read. None, unless said otherwise.
  virtual std::vector<imports::Entity> small_lists() const;

  /// What a kept row is to people. It takes whatever an accounting system may have sent, and does
  /// not throw. Rows that were kept by earlier versions are read too.
  virtual mapping::Record record_of(imports::Entity entity, const wire::Json& row,
                                    const SmallLists& lists) const = 0;

  /// What can be chosen in a list though no row of it says so. None, unless said otherwise.
  virtual std::vector<mapping::Record> records_beside(imports::Entity entity,
                                                      const SmallLists& lists) const;

  /// What the company has decided about itself, as its small lists say. Nothing, unless said
  /// otherwise.
  virtual mapping::CompanyFacts facts_of(const SmallLists& lists) const;

  /// Ends an OAuth 1.0a connection. Nothing may depend on it. False: not reached; worth another
  /// try. The credential must outlive it, by awaiting it at once. A system that never had such
  /// connections leaves this as it is.
  virtual async::Task<bool> disconnect_legacy(const oauth::Credential& credential,
                                              Instant now) const;
};

}  // namespace rekey::accounting
