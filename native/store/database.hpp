// A database as C++: statements that are prepared once, and transactions, the same for an SQLite
// file and for a PostgreSQL server.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>
#include <vector>

namespace rekey::store {

/// The database could not do what it was asked. Thrown, because nothing between a statement and the
/// edge (request handler, worker loop, main) can do better than to give up the transaction.
class DatabaseError : public std::runtime_error {
 public:
  enum class Kind {
    unique,       ///< a row with this key exists
    foreign,      ///< a row that this one refers to does not exist, or is still referred to
    check,        ///< another rule of the schema
    overtaken,    ///< another transaction was in the way: nothing was changed, try again
    busy,         ///< another connection wrote for longer than we wait
    full,         ///< no room on the disk
    read_only,    ///< it takes no writes: rights, a file system, a standby
    disk,         ///< the disk failed
    corrupt,      ///< the file is damaged, or is not a database
    unreachable,  ///< the server is not there, or does not let us in
    unfit,        ///< a text that cannot be stored: not UTF-8, or with a zero in it
    pooled,       ///< a pooler between us and the server gives our session away
    sealed,       ///< it was sealed under a master key that we were not given
    other,
  };
  explicit DatabaseError(const std::string& what, Kind kind = Kind::other)
      : std::runtime_error(what), kind_(kind) {}
  Kind kind() const { return kind_; }
  bool is_constraint() const { return kind_ <= Kind::check; }
  /// Whether nothing can be stored until a person has done something about it.
  bool is_about_writing() const {
    return kind_ == Kind::full || kind_ == Kind::read_only || kind_ == Kind::disk;
  }

 private:
  Kind kind_;
};

/// Bytes, where a std::string would be text.
struct Blob {
  std::string bytes;
};

/// What a parameter is; a null has a type too, where the server wants to know it.
enum class ValueType { number, text, bytes, unknown };

/// The dialect that a statement is written in, where the two differ.
enum class Dialect { sqlite, postgres };

/// Whether a setting names a PostgreSQL server ("postgresql://…", "postgres://…", "dbname=…" or
/// another of libpq's words) and not an SQLite file.
bool names_postgres(std::string_view database);

/// The same with a password, where it names a PostgreSQL server.
std::string with_password(std::string database, std::string_view password);

class Database;
class Engine;
class Prepared;
class WriteTurns;

/// A statement on its way through its rows. When it goes, it is reset and kept prepared for the
/// next one of the same text.
class Statement {
 public:
  Statement(Statement&& other) noexcept;
  Statement& operator=(Statement&&) = delete;
  ~Statement();

  /// Parameters count from 1, as they are written: ?1.
  Statement& bind(int index, std::int64_t value);
  Statement& bind(int index, int value) { return bind(index, std::int64_t{value}); }
  Statement& bind(int index, std::string_view value);
  Statement& bind(int index, const std::string& value) {
    return bind(index, std::string_view(value));
  }
  Statement& bind(int index, const char* value) { return bind(index, std::string_view(value)); }
  Statement& bind(int index, const Blob& value);
  Statement& bind(int index, std::nullopt_t);
  template <class T>
  Statement& bind(int index, const std::optional<T>& value) {
    if (value) return bind(index, *value);
    return bind_null(index, std::is_integral_v<T>     ? ValueType::number
                            : std::is_same_v<T, Blob> ? ValueType::bytes
                                                      : ValueType::text);
  }

  /// Goes to the next row; false when there is none, now and ever after until `reset`.
  bool step();
  /// Ends the statement and forgets its parameters; it can be bound and stepped through again.
  void reset();

  /// Columns of the row that `step` reached count from 0. A null reads as 0, "" or empty.
  std::int64_t int64(int column) const;
  std::string text(int column) const;
  std::string blob(int column) const;
  bool is_null(int column) const;

 private:
  friend class Database;
  Statement(Database& database, std::string sql, std::unique_ptr<Prepared> prepared);
  Statement& bind_null(int index, ValueType type);
  void over();

  Database* database_;
  std::string sql_;
  std::unique_ptr<Prepared> prepared_;
  bool done_ = false;
  bool has_turn_ = false;  ///< it took its database's turn to write
};

/// What is known of whether a database takes writes; shared by its connections.
class WriteHealth {
 public:
  void failed(const DatabaseError& error);
  void stored();
  /// The newest failure to write, when nothing was stored since.
  std::optional<DatabaseError> trouble() const;
  /// Whether the newest news of either kind is older than this.
  bool is_older_than(std::chrono::milliseconds age) const;

 private:
  mutable std::mutex mutex_;
  std::optional<DatabaseError> trouble_;
  std::chrono::steady_clock::time_point newest_{};
};

/// One open database, for one thread at a time; statements and transactions of it must go before it
/// does. An SQLite file is made, for its owner only, when there is none. Durable against loss of
/// power: flushed with every commit.
class Database {
 public:
  /// Throws DatabaseError with a sentence a person can act on.
  explicit Database(const std::string& name, std::shared_ptr<WriteHealth> health = {},
                    std::shared_ptr<WriteTurns> turns = {});
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  /// A statement with its parameters bound, to be stepped through.
  template <class... Values>
  Statement query(std::string_view sql, const Values&... values) {
    Statement statement = prepare(sql);
    int index = 0;
    (statement.bind(++index, values), ...);
    return statement;
  }

  /// Runs a statement to its end; gives how many rows it inserted, changed or deleted.
  template <class... Values>
  std::int64_t run(std::string_view sql, const Values&... values) {
    return finish(query(sql, values...));
  }

  /// Runs several statements without parameters, as a schema has them.
  void run_script(const char* sql);

  bool in_transaction() const;
  /// Whether it may be lent again: in no transaction, and still connected.
  bool is_usable() const;
  Dialect dialect() const;
  /// Throws Kind::full when the answer to what is about to be asked could not be stored: there is
  /// next to no room on the disk. Of a server that is not known.
  void need_room();
  /// How long other writers are waited for from now on, before Kind::busy; and on a server, how
  /// long a statement may take. None: as at the beginning, 10 s, and without end.
  void wait_at_most(std::optional<std::chrono::milliseconds> most);
  /// Throws Kind::pooled when a pooler gives this connection's session to others too.
  void need_own_session(const std::string& name);

 private:
  friend class Statement;
  friend class Transaction;
  Statement prepare(std::string_view sql);
  std::int64_t finish(Statement statement);
  void give_back(std::string sql, std::unique_ptr<Prepared> prepared) noexcept;
  /// Waits for the turn to write, where there are turns and this is not writing already. True: the
  /// caller has to give it back.
  bool take_turn();
  void give_turn() noexcept;

  /// Runs `work`; failures to write are noted.
  template <class Work>
  auto noting(Work&& work) -> decltype(work()) {
    try {
      return work();
    } catch (const DatabaseError& error) {
      if (health_) health_->failed(error);
      throw;
    }
  }

  std::shared_ptr<WriteHealth> health_;
  std::shared_ptr<WriteTurns> turns_;
  std::unique_ptr<Engine> engine_;
  std::chrono::milliseconds patience_;
  bool has_turn_ = false;
  std::unordered_map<std::string, std::vector<std::unique_ptr<Prepared>>> prepared_;
};

/// A transaction that writes: what it reads stays true until it ends. SQLite has one writer at a
/// time (BEGIN IMMEDIATE); PostgreSQL has several (SERIALIZABLE), and throws Kind::overtaken
/// when another one was in the way, at the latest at the commit. Undone when it goes without one.
/// Used by way of `in_transaction`, which tries again.
class Transaction {
 public:
  explicit Transaction(Database& database);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  void commit();

 private:
  Database& database_;
  bool open_ = true;
  bool has_turn_;
};

/// How long a transaction that is overtaken is tried again.
class Patience {
 public:
  /// Waits a little: longer each time, and by chance not as long as another transaction. False: it
  /// has been long enough.
  bool wait();

 private:
  int times_ = 0;
  std::int64_t waited_us_ = 0;
};

/// Runs `work` as one transaction and gives what it gives; throws what it throws, with nothing
/// changed. It is run again when another transaction was in its way: so it must change nothing but
/// the database, and set its results anew each time.
template <class Work>
auto in_transaction(Database& database, Work&& work) {
  for (Patience patience;;) {
    try {
      Transaction transaction(database);
      if constexpr (std::is_void_v<decltype(work())>) {
        work();
        transaction.commit();
        return;
      } else {
        auto out = work();
        transaction.commit();
        return out;
      }
    } catch (const DatabaseError& error) {
      if (error.kind() != DatabaseError::Kind::overtaken || !patience.wait()) throw;
    }
  }
}

/// Ends a select for the rows that are about to be taken: those that another writer is taking at
/// this moment are passed over (PostgreSQL; on SQLite there is none). `table` by the name
/// that it has in the select.
std::string passing_over_taken(const Database& database, const char* table);

/// Lends connections to one database, one to each caller, and keeps them open for the next.
/// Safe to use from several threads; it must outlive what it lent.
class Databases {
 public:
  struct GiveBack {
    Databases* owner = nullptr;
    void operator()(Database* database) const;
  };
  using Borrowed = std::unique_ptr<Database, GiveBack>;

  /// Opens the first one, so that a database that cannot be opened is known at once.
  explicit Databases(std::string name);
  Borrowed borrow();

  /// How many connections are open, and how many wait for their turn to write (SQLite).
  struct Pool {
    std::size_t lent = 0;
    std::size_t idle = 0;
    std::size_t waiting = 0;
  };
  Pool pool();

  /// What keeps this database from taking writes now, if anything does. Looks by writing something
  /// that changes nothing, when the newest write is older than a second or two.
  std::optional<DatabaseError> write_trouble();

 private:
  std::unique_ptr<Database> take_idle();

  std::string name_;
  std::size_t most_idle_;
  std::shared_ptr<WriteHealth> health_ = std::make_shared<WriteHealth>();
  std::shared_ptr<WriteTurns> turns_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Database>> idle_;
  std::size_t lent_ = 0;
};

}  // namespace rekey::store
