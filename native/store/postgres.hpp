// A connection to a PostgreSQL server, by libpq. Included by the files postgres*.cpp only.
#pragma once

#include <libpq-fe.h>

#include <memory>
#include <string>
#include <vector>

#include "native/store/engine.hpp"

namespace rekey::store::postgres {

struct Clear {
  void operator()(PGresult* result) const { PQclear(result); }
};
using Result = std::unique_ptr<PGresult, Clear>;

struct Close {
  void operator()(PGconn* connection) const { PQfinish(connection); }
};
using Connection = std::unique_ptr<PGconn, Close>;

/// Where a connection string leads, for people: never with a password. Throws DatabaseError when it
/// cannot be read.
std::string place_of(const std::string& connection);

/// What a failed statement or connection means, and a sentence about it. `state`: the SQLSTATE;
/// empty: the server said nothing. `words`: the server's, which name tables and columns, never
/// values.
DatabaseError error_of(const std::string& place, std::string_view state, std::string words,
                       bool connected);

/// The same statement with parameters as PostgreSQL has them: ?1 becomes $1.
std::string with_dollars(std::string_view sql);

class Postgres : public Engine {
 public:
  explicit Postgres(const std::string& connection);

  Dialect dialect() const override { return Dialect::postgres; }
  std::unique_ptr<Prepared> prepare(const std::string& sql) override;
  void run_script(const char* sql) override;
  void begin() override;
  void commit() override;
  bool in_transaction() const override;
  bool is_usable() override;
  void need_own_session(const std::string& name) override;
  void wait_at_most(std::optional<std::chrono::milliseconds> most) override;

  PGconn* connection() const { return connection_.get(); }
  /// A name that no prepared statement of this connection has.
  std::string new_name() { return "s" + std::to_string(++names_); }
  /// The result, if it is a good one; throws what went wrong otherwise.
  Result checked(PGresult* result);

 private:
  std::string server_process();

  std::string place_;
  Connection connection_;
  std::int64_t names_ = 0;
  bool lost_ = false;
};

}  // namespace rekey::store::postgres
