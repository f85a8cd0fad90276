// SQLite as C++: a database, statements that are prepared once, and transactions.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

struct sqlite3;
struct sqlite3_stmt;

namespace rekey::store {

/// The database could not do what it was asked. Thrown, because nothing between a statement and the
/// edge (request handler, worker loop, main) can do better than to give up the transaction.
class DatabaseError : public std::runtime_error {
 public:
  enum class Kind {
    unique,   ///< a row with this key exists
    foreign,  ///< a row that this one refers to does not exist, or is still referred to
    check,    ///< another rule of the schema
    busy,     ///< somebody else wrote for longer than we wait
    full,     ///< no room on the disk, or it does not take writes
    corrupt,  ///< the file is damaged, or is not a database
    other,
  };
  explicit DatabaseError(const std::string& what, Kind kind = Kind::other)
      : std::runtime_error(what), kind_(kind) {}
  Kind kind() const { return kind_; }
  bool is_constraint() const { return kind_ <= Kind::check; }

 private:
  Kind kind_;
};

/// Bytes, where a std::string would be text.
struct Blob {
  std::string bytes;
};

class Database;

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
    return value ? bind(index, *value) : bind(index, std::nullopt);
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
  Statement(Database& database, std::string sql, sqlite3_stmt* prepared)
      : database_(&database), sql_(std::move(sql)), prepared_(prepared) {}

  Database* database_;
  std::string sql_;
  sqlite3_stmt* prepared_;
  bool done_ = false;
};

/// One open database file, for one thread at a time; statements and transactions of it must go
/// before it does. The file is made, for its owner only, when there is none. Durable against loss
/// of power: write-ahead log, flushed with every commit.
class Database {
 public:
  /// Throws DatabaseError with a sentence a person can act on.
  explicit Database(const std::string& path);
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

 private:
  friend class Statement;
  Statement prepare(std::string_view sql);
  std::int64_t finish(Statement statement);
  void give_back(std::string sql, sqlite3_stmt* prepared) noexcept;
  [[noreturn]] void give_up(int code) const;

  std::string path_;
  sqlite3* handle_ = nullptr;
  std::unordered_map<std::string, std::vector<sqlite3_stmt*>> prepared_;
};

/// A transaction that writes (BEGIN IMMEDIATE: what it reads cannot be changed by anybody else
/// until it ends). Undone when it goes without a commit.
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
};

/// Lends databases of one file, one to each who asks, and keeps them open for the next. Safe to use
/// from several threads; it must outlive what it lent.
class Databases {
 public:
  struct GiveBack {
    Databases* owner = nullptr;
    void operator()(Database* database) const;
  };
  using Borrowed = std::unique_ptr<Database, GiveBack>;

  /// Opens the first one, so that a file that cannot be opened is known at once.
  explicit Databases(std::string path);
  Borrowed borrow();

 private:
  std::string path_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Database>> idle_;
};

}  // namespace rekey::store
