#include "native/store/postgres.hpp"

#include <poll.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "core/text/catalogue.hpp"

namespace rekey::store {
namespace postgres {
namespace {

// What holds unless the connection string says otherwise: a server that is gone without a word is
// noticed in seconds, not in the hours that TCP would wait.
constexpr std::array<std::pair<const char*, const char*>, 7> defaults = {{
    {"connect_timeout", "10"},
    {"keepalives_idle", "20"},
    {"keepalives_interval", "5"},
    {"keepalives_count", "3"},
    {"tcp_user_timeout", "20000"},
    {"fallback_application_name", "rekey"},
    {"client_encoding", "UTF8"},
}};

// As on SQLite: no longer wait for another than ten seconds; a step that was answered survives a
// loss of power. A process that hangs in the middle of a transaction does not hold its locks for
// ever. Tables are read by their indexes even while they are small, because a transaction that has
// read a whole table is in the way of everybody who writes to it. That makes some plans look
// costly, which must not have them compiled.
constexpr const char* settings =
    "set lock_timeout = '10s'; set idle_in_transaction_session_timeout = '60s';"
    "set default_transaction_isolation = 'read committed'; set enable_seqscan = off;"
    "set jit = off;"
    "select set_config('synchronous_commit', 'on', false)"
    " where current_setting('synchronous_commit') = 'off';";

void ignore_notice(void*, const PGresult*) {}

}  // namespace

Postgres::Postgres(const std::string& connection) : place_(place_of(connection)) {
  std::array<const char*, defaults.size() + 2> words{}, values{};
  std::size_t count = 0;
  for (const auto& [word, value] : defaults) {
    words[count] = word;
    values[count++] = value;
  }
  words[count] = "dbname";
  values[count] = connection.c_str();
  connection_.reset(PQconnectdbParams(words.data(), values.data(), 1));
  if (PQstatus(connection_.get()) != CONNECTION_OK) {
    // Before the server has let us in, libpq keeps no SQLSTATE of it apart from the words.
    std::string said = connection_ ? PQerrorMessage(connection_.get()) : "no memory";
    said.resize(std::min(said.find('\n'), said.size()));  // questions to the reader come after it
    const bool refused = said.find("FATAL:") != std::string::npos &&
                         said.find("starting up") == std::string::npos &&
                         said.find("shutting down") == std::string::npos &&
                         said.find("in recovery mode") == std::string::npos &&
                         said.find("not yet accepting") == std::string::npos &&
                         said.find("too many") == std::string::npos &&
                         said.find("remaining connection slots") == std::string::npos;
    throw error_of(place_, refused ? "28000" : "08001", said, false);
  }
  PQsetNoticeReceiver(connection_.get(), ignore_notice, nullptr);
  run_script(settings);
}

Result Postgres::checked(PGresult* raw) {
  Result result(raw);
  const auto status = PQresultStatus(result.get());
  if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY)
    return result;
  const char* state = PQresultErrorField(result.get(), PG_DIAG_SQLSTATE);
  const char* words = PQresultErrorField(result.get(), PG_DIAG_MESSAGE_PRIMARY);
  const std::string_view code = state != nullptr ? state : "";
  const bool connected = PQstatus(connection_.get()) == CONNECTION_OK;
  // A server that became a standby, and statements it no longer knows or plans otherwise than when
  // they were prepared: another connection will do.
  if (!connected || code == "25006" || code == "26000" || code == "0A000" ||
      code.starts_with("57P"))
    lost_ = true;
  throw error_of(place_, code, words != nullptr ? words : PQerrorMessage(connection_.get()),
                 connected);
}

void Postgres::run_script(const char* sql) {
  checked(PQexec(connection_.get(), sql));
}

void Postgres::begin() {
  run_script("begin isolation level serializable");
}

void Postgres::commit() {
  const auto done = checked(PQexec(connection_.get(), "commit"));
  // A transaction in which a statement failed is undone by it, without an error.
  if (std::strcmp(PQcmdStatus(done.get()), "COMMIT") != 0)
    throw DatabaseError(
        text::fill("The database {place} undid a transaction in which a statement had failed.",
                   {{"place", place_}}));
}

bool Postgres::in_transaction() const {
  const auto status = PQtransactionStatus(connection_.get());
  return status == PQTRANS_INTRANS || status == PQTRANS_INERROR || status == PQTRANS_ACTIVE;
}

bool Postgres::is_usable() {
  if (lost_ || PQtransactionStatus(connection_.get()) != PQTRANS_IDLE) return false;
  // The server was not asked anything. If it says something all the same, that is good-bye,
  // after which it closes. But under TLS the layer below may say something of its own, and then no
  // more.
  pollfd socket{PQsocket(connection_.get()), POLLIN, 0};
  while (::poll(&socket, 1, 0) != 0) {
    if (PQsslInUse(connection_.get()) != 1 || PQconsumeInput(connection_.get()) != 1 ||
        PQstatus(connection_.get()) != CONNECTION_OK)
      return false;
  }
  return true;
}

std::string Postgres::server_process() {
  const auto asked = checked(PQexec(connection_.get(), "select pg_backend_pid()::text"));
  return PQgetvalue(asked.get(), 0, 0);
}

void Postgres::wait_at_most(std::optional<std::chrono::milliseconds> most) {
  const auto ms = std::to_string(most.value_or(usual_patience).count());
  const auto script = text::fill("set lock_timeout = {ms}; set statement_timeout = {whole}",
                                 {{"ms", ms}, {"whole", most ? ms : "0"}});
  run_script(script.c_str());
}

void Postgres::need_own_session(const std::string& name) {
  const auto process = server_process();
  // A pooler makes up the number that it introduces its server by.
  if (process == std::to_string(PQbackendPID(connection_.get()))) return;
  // While another connection is in a transaction, a pooler that thinks in transactions has given
  // the server's process of ours to it, or gives us another.
  Postgres other(name);
  other.begin();
  const auto taken = other.server_process();
  if (taken == process || server_process() != process)
    throw error_of(place_, "42P05", "the server's process changes with each transaction", true);
  other.run_script("rollback");
}

}  // namespace postgres

std::unique_ptr<Engine> open_postgres(const std::string& connection) {
  return std::make_unique<postgres::Postgres>(connection);
}

}  // namespace rekey::store
