// The interface of a kind of database to the rest of the store: a connection, and its statements.
// Included by database.cpp and the engines only.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "native/store/database.hpp"

namespace rekey::store {

/// How long other writers are waited for, where nothing else was said.
constexpr std::chrono::milliseconds usual_patience{10'000};

/// A statement that is prepared once and run again and again.
class Prepared {
 public:
  Prepared() = default;
  virtual ~Prepared() = default;
  Prepared(const Prepared&) = delete;
  Prepared& operator=(const Prepared&) = delete;

  virtual void bind(int index, std::int64_t value) = 0;
  virtual void bind(int index, std::string_view value) = 0;
  virtual void bind(int index, const Blob& value) = 0;
  virtual void bind_null(int index, ValueType type) = 0;
  /// True: there is a row. Not called again after it was false, until `reset`.
  virtual bool step() = 0;
  /// Forgets rows and parameters.
  virtual void reset() noexcept = 0;
  /// Whether it keeps others from writing while it runs.
  virtual bool writes() const { return false; }
  /// How many rows it changed; for one that was stepped to its end.
  virtual std::int64_t changed() const = 0;

  virtual std::int64_t int64(int column) const = 0;
  virtual std::string text(int column) const = 0;
  virtual std::string blob(int column) const = 0;
  virtual bool is_null(int column) const = 0;
};

/// One open connection to a database. Everything throws DatabaseError.
class Engine {
 public:
  Engine() = default;
  virtual ~Engine() = default;
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  virtual Dialect dialect() const = 0;
  virtual std::unique_ptr<Prepared> prepare(const std::string& sql) = 0;
  virtual void run_script(const char* sql) = 0;
  /// Begins a transaction as `Transaction` promises it.
  virtual void begin() = 0;
  virtual void commit() = 0;
  virtual bool in_transaction() const = 0;
  /// Whether the next who asks may have it: it is in no transaction, and still connected.
  virtual bool is_usable() = 0;
  /// Throws Kind::pooled when something between us and the server gives this session to others
  /// too. `name` is that of the database.
  virtual void need_own_session(const std::string& name) { (void)name; }
  /// As `Database::wait_at_most`.
  virtual void wait_at_most(std::optional<std::chrono::milliseconds> most) = 0;
  /// As `Database::need_room`.
  virtual void need_room() {}
};

/// Opens an SQLite file.
std::unique_ptr<Engine> open_sqlite(const std::string& path);

/// Connects to a PostgreSQL server.
std::unique_ptr<Engine> open_postgres(const std::string& connection);

}  // namespace rekey::store
