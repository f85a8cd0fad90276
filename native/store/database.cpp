#include "native/store/database.hpp"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace rekey::store {
namespace {

using Kind = DatabaseError::Kind;

constexpr int busy_timeout_ms = 10'000;
constexpr std::size_t most_idle = 8;

Kind kind_of(int code) {
  switch (code) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID:
      return Kind::unique;
    case SQLITE_CONSTRAINT_FOREIGNKEY:
      return Kind::foreign;
    default:
      break;
  }
  switch (code & 0xff) {
    case SQLITE_CONSTRAINT:
      return Kind::check;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return Kind::busy;
    case SQLITE_FULL:
    case SQLITE_READONLY:
    case SQLITE_IOERR:
      return Kind::full;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return Kind::corrupt;
    default:
      return Kind::other;
  }
}

// What the person who runs the server can do about it. SQLite's own words name tables and columns,
// never values.
std::string sentence(Kind kind, const std::string& path, const char* words) {
  const std::string start = "The database " + path;
  switch (kind) {
    case Kind::busy:
      return start + " was being written by something else for too long. Try again.";
    case Kind::full:
      return start + " cannot be written (" + words + "). Look for room and rights on its disk.";
    case Kind::corrupt:
      return start + " is damaged or is not a database (" + words + "). Restore it from a backup.";
    default:
      return start + " refused a statement: " + words + ".";
  }
}

// SQLite would make the file readable by everybody the umask lets. The files beside it (-wal, -shm)
// get the rights of this one. A file that is there is not opened here: to close it again would let
// go of the locks that other connections of this process hold (fcntl(2)), and another process that
// closes the database then takes itself for the last one and deletes the log of the others.
void make_private_file(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
  struct stat status {};
  bool there = file < 0 && errno == EEXIST && ::access(path.c_str(), R_OK | W_OK) == 0 &&
               ::stat(path.c_str(), &status) == 0;
  if (there && S_ISDIR(status.st_mode)) {
    there = false;
    errno = EISDIR;
  }
  if (file < 0 && !there)
    throw DatabaseError("The database " + path + " cannot be opened: " + std::strerror(errno) +
                        ". Name a file in a folder that this user may write to.");
  if (file >= 0) ::close(file);
}

}  // namespace

Statement::Statement(Statement&& other) noexcept
    : database_(other.database_),
      sql_(std::move(other.sql_)),
      prepared_(std::exchange(other.prepared_, nullptr)),
      done_(other.done_) {}

Statement::~Statement() {
  if (prepared_ != nullptr) database_->give_back(std::move(sql_), prepared_);
}

Statement& Statement::bind(int index, std::int64_t value) {
  const int code = sqlite3_bind_int64(prepared_, index, value);
  if (code != SQLITE_OK) database_->give_up(code);
  return *this;
}

Statement& Statement::bind(int index, std::string_view value) {
  // A null pointer would bind a null, and an empty view may hold one.
  const char* start = value.empty() ? "" : value.data();
  const int code =
      sqlite3_bind_text64(prepared_, index, start, value.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
  if (code != SQLITE_OK) database_->give_up(code);
  return *this;
}

Statement& Statement::bind(int index, const Blob& value) {
  const int code = sqlite3_bind_blob64(prepared_, index, value.bytes.data(), value.bytes.size(),
                                       SQLITE_TRANSIENT);
  if (code != SQLITE_OK) database_->give_up(code);
  return *this;
}

Statement& Statement::bind(int index, std::nullopt_t) {
  const int code = sqlite3_bind_null(prepared_, index);
  if (code != SQLITE_OK) database_->give_up(code);
  return *this;
}

bool Statement::step() {
  if (done_) return false;  // SQLite would begin again from the start
  const int code = sqlite3_step(prepared_);
  if (code == SQLITE_ROW) return true;
  done_ = true;
  if (code != SQLITE_DONE) database_->give_up(code);
  return false;
}

void Statement::reset() {
  sqlite3_reset(prepared_);
  sqlite3_clear_bindings(prepared_);
  done_ = false;
}

std::int64_t Statement::int64(int column) const {
  return sqlite3_column_int64(prepared_, column);
}

std::string Statement::text(int column) const {
  const auto* start = sqlite3_column_text(prepared_, column);
  const int size = sqlite3_column_bytes(prepared_, column);
  return {reinterpret_cast<const char*>(start), static_cast<std::size_t>(size)};
}

std::string Statement::blob(int column) const {
  const auto* start = sqlite3_column_blob(prepared_, column);
  const int size = sqlite3_column_bytes(prepared_, column);
  return {static_cast<const char*>(start), static_cast<std::size_t>(size)};
}

bool Statement::is_null(int column) const {
  return sqlite3_column_type(prepared_, column) == SQLITE_NULL;
}

Database::Database(const std::string& path) : path_(path) {
  if (path != ":memory:") make_private_file(path);
  const int flags =
      SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  const int code = sqlite3_open_v2(path.c_str(), &handle_, flags, nullptr);
  try {
    if (code != SQLITE_OK) give_up(code);
    sqlite3_busy_timeout(handle_, busy_timeout_ms);
    sqlite3_db_config(handle_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    // What is deleted is overwritten: tokens and people's data must not stay in free pages.
    // FULL: with NORMAL, the write-ahead log may lose the last commits with the power, and among
    // them a refresh token that Intuit will not give again.
    run_script(
        "pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on;"
        "pragma trusted_schema = off; pragma secure_delete = on;"
        // Small, since there may be as many as there are threads that ask, and the system keeps the
        // file's pages anyway.
        "pragma cache_size = -128;");
  } catch (...) {
    sqlite3_close(handle_);
    throw;
  }
}

Database::~Database() {
  for (const auto& [sql, idle] : prepared_)
    for (sqlite3_stmt* prepared : idle) sqlite3_finalize(prepared);
  sqlite3_close(handle_);
}

Statement Database::prepare(std::string_view sql) {
  std::string text(sql);
  auto& idle = prepared_[text];
  if (!idle.empty()) {
    sqlite3_stmt* prepared = idle.back();
    idle.pop_back();
    return {*this, std::move(text), prepared};
  }
  sqlite3_stmt* prepared = nullptr;
  const int code = sqlite3_prepare_v3(handle_, text.c_str(), static_cast<int>(text.size() + 1),
                                      SQLITE_PREPARE_PERSISTENT, &prepared, nullptr);
  if (code != SQLITE_OK) give_up(code);
  return {*this, std::move(text), prepared};
}

std::int64_t Database::finish(Statement statement) {
  while (statement.step()) {
  }
  // SQLite counts the changes of the newest statement that made any.
  return sqlite3_stmt_readonly(statement.prepared_) != 0 ? 0 : sqlite3_changes64(handle_);
}

void Database::run_script(const char* sql) {
  const int code = sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) give_up(code);
}

bool Database::in_transaction() const {
  return sqlite3_get_autocommit(handle_) == 0;
}

void Database::give_back(std::string sql, sqlite3_stmt* prepared) noexcept {
  sqlite3_reset(prepared);
  sqlite3_clear_bindings(prepared);
  const auto idle = prepared_.find(sql);
  if (idle != prepared_.end())
    idle->second.push_back(prepared);
  else
    sqlite3_finalize(prepared);
}

void Database::give_up(int code) const {
  const Kind kind = kind_of(code);
  throw DatabaseError(sentence(kind, path_, sqlite3_errmsg(handle_)), kind);
}

Transaction::Transaction(Database& database) : database_(database) {
  database_.run("begin immediate");
}

Transaction::~Transaction() {
  // SQLite has undone it by itself after some errors.
  if (!open_ || !database_.in_transaction()) return;
  try {
    database_.run("rollback");
  } catch (const DatabaseError&) {
    // Nothing was committed, and that is all a rollback is for.
  }
}

void Transaction::commit() {
  database_.run("commit");
  open_ = false;
}

Databases::Databases(std::string path) : path_(std::move(path)) {
  borrow();
}

Databases::Borrowed Databases::borrow() {
  std::unique_ptr<Database> database;
  {
    const std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      database = std::move(idle_.back());
      idle_.pop_back();
    }
  }
  if (!database) database = std::make_unique<Database>(path_);
  return {database.release(), GiveBack{this}};
}

void Databases::GiveBack::operator()(Database* database) const {
  std::unique_ptr<Database> returned(database);
  // Left in a transaction, it would hold the write lock of the file for ever: better to close it.
  if (returned->in_transaction()) return;
  const std::lock_guard lock(owner->mutex_);
  if (owner->idle_.size() < most_idle) owner->idle_.push_back(std::move(returned));
}

}  // namespace rekey::store
