#include "native/store/database.hpp"

#include <algorithm>
#include <chrono>
#include <random>
#include <thread>
#include <utility>

#include "native/store/engine.hpp"
#include "native/store/write_turns.hpp"

namespace rekey::store {
namespace {

// A file is opened quickly, and its cache is ours; a server is another matter.
constexpr std::size_t most_idle_files = 8;
constexpr std::size_t most_idle_connections = 48;

constexpr std::int64_t longest_wait_us = 1000 * usual_patience.count();
constexpr std::int64_t first_wait_us = 500;
constexpr int most_doublings = 6;

constexpr auto look_at_writes_every = std::chrono::seconds(1);

}  // namespace

void WriteHealth::failed(const DatabaseError& error) {
  if (!error.is_about_writing()) return;
  const std::lock_guard lock(mutex_);
  trouble_ = error;
  newest_ = std::chrono::steady_clock::now();
}

void WriteHealth::stored() {
  const std::lock_guard lock(mutex_);
  trouble_.reset();
  newest_ = std::chrono::steady_clock::now();
}

std::optional<DatabaseError> WriteHealth::trouble() const {
  const std::lock_guard lock(mutex_);
  return trouble_;
}

bool WriteHealth::is_older_than(std::chrono::milliseconds age) const {
  const std::lock_guard lock(mutex_);
  return std::chrono::steady_clock::now() - newest_ > age;
}

bool names_postgres(std::string_view database) {
  if (database.starts_with("postgresql://") || database.starts_with("postgres://")) return true;
  // libpq's other form: any of its words, an equals sign that may have spaces around it, a value.
  constexpr std::string_view blank = " \t\r\n";
  database.remove_prefix(std::min(database.find_first_not_of(blank), database.size()));
  const auto word = database.substr(0, database.find_first_of(" \t\r\n="));
  auto rest = database.substr(word.size());
  rest.remove_prefix(std::min(rest.find_first_not_of(blank), rest.size()));
  if (!rest.starts_with('=')) return false;
  for (const std::string_view known : {"host",
                                       "hostaddr",
                                       "port",
                                       "dbname",
                                       "user",
                                       "password",
                                       "passfile",
                                       "service",
                                       "sslmode",
                                       "sslcert",
                                       "sslkey",
                                       "sslpassword",
                                       "sslrootcert",
                                       "options",
                                       "connect_timeout",
                                       "application_name",
                                       "target_session_attrs",
                                       "client_encoding",
                                       "channel_binding",
                                       "gssencmode",
                                       "requiressl"})
    if (word == known) return true;
  return false;
}

std::string with_password(std::string database, std::string_view password) {
  if (!names_postgres(database)) return database;
  std::string out = std::move(database);
  if (out.find("://") == out.npos) {
    out += " password='";
    for (const char c : password)
      out += c == '\'' || c == '\\' ? std::string{'\\', c} : std::string{c};
    return out + "'";
  }
  constexpr const char* digits = "0123456789ABCDEF";
  out += out.find('?') == out.npos ? "?password=" : "&password=";
  for (const unsigned char c : password) out += {'%', digits[c >> 4], digits[c & 15]};
  return out;
}

Statement::Statement(Database& database, std::string sql, std::unique_ptr<Prepared> prepared)
    : database_(&database), sql_(std::move(sql)), prepared_(std::move(prepared)) {}

Statement::Statement(Statement&& other) noexcept
    : database_(other.database_),
      sql_(std::move(other.sql_)),
      prepared_(std::move(other.prepared_)),
      done_(other.done_),
      has_turn_(std::exchange(other.has_turn_, false)) {}

Statement::~Statement() {
  if (prepared_) database_->give_back(std::move(sql_), std::move(prepared_));
  over();
}

/// After it was reset or has come to its end: until then it keeps others from writing.
void Statement::over() {
  if (std::exchange(has_turn_, false)) database_->give_turn();
}

Statement& Statement::bind(int index, std::int64_t value) {
  prepared_->bind(index, value);
  return *this;
}

Statement& Statement::bind(int index, std::string_view value) {
  prepared_->bind(index, value);
  return *this;
}

Statement& Statement::bind(int index, const Blob& value) {
  prepared_->bind(index, value);
  return *this;
}

Statement& Statement::bind(int index, std::nullopt_t) {
  return bind_null(index, ValueType::unknown);
}

Statement& Statement::bind_null(int index, ValueType type) {
  prepared_->bind_null(index, type);
  return *this;
}

bool Statement::step() {
  if (done_) return false;  // the engines would begin again from the start
  // Also when it throws: what failed is over.
  done_ = true;
  if (!has_turn_ && prepared_->writes() && !database_->in_transaction())
    has_turn_ = database_->take_turn();
  done_ = !database_->noting([&] { return prepared_->step(); });
  if (done_) over();
  return !done_;
}

void Statement::reset() {
  prepared_->reset();
  done_ = false;
  over();
}

std::int64_t Statement::int64(int column) const {
  return prepared_->int64(column);
}

std::string Statement::text(int column) const {
  return prepared_->text(column);
}

std::string Statement::blob(int column) const {
  return prepared_->blob(column);
}

bool Statement::is_null(int column) const {
  return prepared_->is_null(column);
}

Database::Database(const std::string& name, std::shared_ptr<WriteHealth> health,
                   std::shared_ptr<WriteTurns> turns)
    : health_(std::move(health)), turns_(std::move(turns)), patience_(usual_patience) {
  engine_ = noting([&] { return names_postgres(name) ? open_postgres(name) : open_sqlite(name); });
}

Database::~Database() = default;

Statement Database::prepare(std::string_view sql) {
  std::string text(sql);
  auto& idle = prepared_[text];
  if (!idle.empty()) {
    auto prepared = std::move(idle.back());
    idle.pop_back();
    return {*this, std::move(text), std::move(prepared)};
  }
  auto prepared = engine_->prepare(text);
  return {*this, std::move(text), std::move(prepared)};
}

std::int64_t Database::finish(Statement statement) {
  while (statement.step()) {
  }
  const auto changed = statement.prepared_->changed();
  if (health_ && changed > 0 && !in_transaction()) health_->stored();
  return changed;
}

void Database::run_script(const char* sql) {
  noting([&] { engine_->run_script(sql); });
}

bool Database::in_transaction() const {
  return engine_->in_transaction();
}

bool Database::is_usable() const {
  return engine_->is_usable();
}

Dialect Database::dialect() const {
  return engine_->dialect();
}

void Database::wait_at_most(std::optional<std::chrono::milliseconds> most) {
  engine_->wait_at_most(most);
  patience_ = most.value_or(usual_patience);
}

bool Database::take_turn() {
  if (!turns_ || has_turn_) return false;
  has_turn_ = turns_->take(patience_);
  if (has_turn_) return true;
  throw DatabaseError("The database was being written by other work for too long. Try again.",
                      DatabaseError::Kind::busy);
}

void Database::give_turn() noexcept {
  has_turn_ = false;
  turns_->give();
}

void Database::need_own_session(const std::string& name) {
  engine_->need_own_session(name);
}

void Database::need_room() {
  noting([&] { engine_->need_room(); });
}

void Database::give_back(std::string sql, std::unique_ptr<Prepared> prepared) noexcept {
  prepared->reset();
  const auto idle = prepared_.find(sql);
  if (idle != prepared_.end()) idle->second.push_back(std::move(prepared));
}

Transaction::Transaction(Database& database)
    : database_(database), has_turn_(database.take_turn()) {
  try {
    database_.noting([&] { database_.engine_->begin(); });
  } catch (...) {
    if (has_turn_) database_.give_turn();
    throw;
  }
}

Transaction::~Transaction() {
  // It has been undone by itself after some errors.
  if (open_ && database_.in_transaction()) try {
      database_.run_script("rollback");
    } catch (const DatabaseError&) {
      // Nothing was committed, and that is all a rollback is for.
    }
  if (has_turn_) database_.give_turn();
}

void Transaction::commit() {
  database_.noting([&] { database_.engine_->commit(); });
  open_ = false;
  if (std::exchange(has_turn_, false)) database_.give_turn();
}

bool Patience::wait() {
  if (waited_us_ >= longest_wait_us) return false;
  // At random, or those who met would meet again.
  thread_local std::minstd_rand random{std::random_device{}()};
  const auto most = first_wait_us << std::min(times_++, most_doublings);
  const auto span = std::uniform_int_distribution<std::int64_t>(0, most)(random);
  std::this_thread::sleep_for(std::chrono::microseconds(span));
  waited_us_ += most;
  return true;
}

std::string passing_over_taken(const Database& database, const char* table) {
  if (database.dialect() == Dialect::sqlite) return {};
  return std::string(" for update of ") + table + " skip locked";
}

Databases::Databases(std::string name)
    : name_(std::move(name)),
      most_idle_(names_postgres(name_) ? most_idle_connections : most_idle_files),
      turns_(names_postgres(name_) ? nullptr : std::make_shared<WriteTurns>()) {
  borrow()->need_own_session(name_);
}

std::unique_ptr<Database> Databases::take_idle() {
  const std::lock_guard lock(mutex_);
  if (idle_.empty()) return nullptr;
  auto database = std::move(idle_.back());
  idle_.pop_back();
  return database;
}

Databases::Borrowed Databases::borrow() {
  auto database = take_idle();
  // The server may have gone, and come again, while these were idle.
  while (database && !database->is_usable()) database = take_idle();
  if (!database) database = std::make_unique<Database>(name_, health_, turns_);
  {
    const std::lock_guard lock(mutex_);
    ++lent_;
  }
  return {database.release(), GiveBack{this}};
}

Databases::Pool Databases::pool() {
  const std::lock_guard lock(mutex_);
  return {lent_, idle_.size(), turns_ ? turns_->waiting() : 0};
}

std::optional<DatabaseError> Databases::write_trouble() {
  if (health_->is_older_than(look_at_writes_every)) {
    try {
      // A row as it is, once more: the journal takes it, or does not.
      if (borrow()->run("update master_keys set added = added") > 0) health_->stored();
    } catch (const DatabaseError& error) {
      if (!error.is_about_writing()) throw;
    }
  }
  return health_->trouble();
}

void Databases::GiveBack::operator()(Database* database) const {
  std::unique_ptr<Database> returned(database);
  // Left in a transaction, it would hold its locks for ever: better to close it.
  const bool usable = returned->is_usable();
  const std::lock_guard lock(owner->mutex_);
  --owner->lent_;
  if (usable && owner->idle_.size() < owner->most_idle_)
    owner->idle_.push_back(std::move(returned));
}

}  // namespace rekey::store
