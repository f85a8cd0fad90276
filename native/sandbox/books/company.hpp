// A made-up QuickBooks company of any size: a pure function of its id, streamed and not held, and
// over it what was written to it. What it holds is made when it is first asked for, so that a
// thousand companies cost nothing until then.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "native/sandbox/books/written.hpp"
#include "native/sandbox/kept/keep.hpp"
#include "native/sandbox/kept/kept.hpp"
#include "native/sandbox/made/books.hpp"
#include "native/sandbox/made/people.hpp"
#include "native/sandbox/schema/entity.hpp"
#include "native/sandbox/schema/query_compare.hpp"

namespace rekey::sandbox {

/// Numbers of rows, in some order.
using Rows = std::vector<std::uint32_t>;

/// What is done to a record, as those hear of it who asked to be told.
enum class Deed { created, updated, merged, deleted };
struct Change {
  std::string realm;
  Entity entity{};
  std::string id;
  Deed deed = Deed::updated;
  std::string merged_id = {};  ///< of `merged`: the record that went into this one
  Instant at{};
};
using TellChange = std::function<void(const Change&)>;

/// What is told of a company; all the rest follows from the id.
struct CompanySpec {
  std::string id;
  std::string name;
  std::uint64_t size = 1200;  ///< customers; there are a quarter as many vendors
  bool production = false;    ///< of Intuit's two environments
  std::uint64_t items = 0;    ///< if that is more than the usual few
};

/// Reads "ID:NAME" or "ID:NAME:SIZE", the id of letters, digits, "-" and "_"; nothing if it is
/// neither.
std::optional<CompanySpec> parse_company(std::string_view text);

class Company {
 public:
  explicit Company(CompanySpec spec);

  const CompanySpec& spec() const { return spec_; }
  const People& people() const { return people_; }
  /// Records of a kind, active or not; rows are numbered from 0 and in the order of their ids.
  std::uint64_t rows(Entity entity) const;
  bool active(Entity entity, std::uint64_t row) const;
  /// Whether the record was there once and is gone: no query finds it.
  bool gone(Entity entity, std::uint64_t row) const;
  nlohmann::json read(Entity entity, std::uint64_t row) const;
  /// The row with this id.
  std::optional<std::uint64_t> row_of(Entity entity, std::string_view id) const;
  /// Puts the name of what it is beside every id that a record points to.
  void name_references(Entity entity, nlohmann::json& record) const;
  /// What a property of a row is compared and ordered by (see query_compare.hpp), without making
  /// the whole record where it need not be.
  std::string text(Entity entity, std::uint64_t row, std::string_view property) const;
  /// The same for a property that is a time, where it can be had without making the record.
  std::optional<Instant> time(Entity entity, std::uint64_t row, std::string_view property) const;
  /// Every row of a kind in an order, of which the first part counts most; kept like `kept_rows`.
  /// By one property alone it is always ascending, since it can be read backwards.
  std::shared_ptr<const Rows> ordered_by(Entity entity,
                                         const std::vector<Ordering>& orderings) const;
  /// What `make` gives, kept under a name until something of the kind is written.
  std::shared_ptr<const Rows> kept_rows(Entity entity, const std::string& name,
                                        const std::function<Rows()>& make) const;
  /// A number that the order of a list follows from when a query asks for none; 0: the order of
  /// the ids.
  std::uint64_t disorder(Entity entity) const;
  void set_disorder(Entity entity, std::uint64_t number);

  /// Writes are one after the other: held from the first look at a record to its `write`.
  std::unique_lock<std::mutex> writing() const { return std::unique_lock(state_->writing); }
  /// The id that the next new record of a kind has.
  std::string next_id(Entity entity) const;
  /// Puts a record, new by its id or in place of the one that has it.
  void write(Entity entity, const nlohmann::json& record, Instant at);
  /// Takes a record away. `into`: the id of the one that it is merged with, whose new form is
  /// written by the caller. The accounting API has no way to do this; people at QuickBooks have.
  void remove(Entity entity, const std::string& id, Instant at, const std::string& into = {});
  const Written& written() const { return state_->written; }
  /// Gives back what was kept of writes, in the order of first writing.
  void restore(const nlohmann::json& body);
  /// Tells of every write ("written") from now on.
  void keep_with(Keep keep) { state_->keep = std::move(keep); }
  /// Tells of every change of a record from now on.
  void tell_with(TellChange tell) { state_->tell = std::move(tell); }
  /// The id of the customer or vendor that is called so, whatever the case; display names are
  /// unique over both.
  std::optional<std::string> person_called(std::string_view display) const;

 private:
  struct Order {
    std::uint64_t revision = 0;  ///< of what was written of the kind
    std::shared_ptr<const Rows> rows;
  };
  /// What can change, apart so that companies can be moved.
  struct State {
    Written written;
    Keep keep;
    TellChange tell;
    std::mutex writing;
    std::once_flag has_books;
    Books books;
    std::once_flag named;
    std::vector<std::uint64_t> names;  ///< hashes of the made display names, sorted
    std::recursive_mutex ordering;     ///< one order may be made of another
    std::map<std::pair<Entity, std::string>, Order> orders;
    std::map<Entity, std::uint64_t> disorder;
  };
  std::vector<Comparable> keys_of(Entity entity, const std::string& property) const;
  std::uint64_t made_rows(Entity entity) const;
  nlohmann::json made(Entity entity, std::uint64_t row) const;
  void name_reference(Entity target, nlohmann::json& reference) const;
  bool is_as_made(Entity entity, std::uint64_t row) const;
  std::string id_of(Entity entity, std::uint64_t row) const;
  bool made_active(Entity entity, std::uint64_t row) const;
  std::string made_display(Entity entity, std::uint64_t row) const;
  void name_them() const;

  const Books& books() const;
  void make_books() const;
  void put(Entity entity, const nlohmann::json& record, Instant at);

  CompanySpec spec_;
  People people_;
  std::unique_ptr<State> state_;
};

}  // namespace rekey::sandbox
