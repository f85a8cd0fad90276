// SQLite, by its own C interface.
#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <thread>

#include "core/text/catalogue.hpp"
#include "native/store/engine.hpp"
#include "native/system/private_file.hpp"

namespace rekey::store {
namespace sqlite {
namespace {

using Kind = DatabaseError::Kind;

// Of the writers of this process one looks at a time (write_turns.hpp): often, so that it finds the
// gaps that another process leaves.
constexpr std::chrono::milliseconds between_looks{1};
// What a step with new tokens takes in the log, several times over.
constexpr std::uint64_t least_room = 256 << 10;

/// What the system said when SQLite could not read or write a file.
Kind kind_by_system(int code, int system) {
  switch (system) {
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
      return Kind::full;
    case EROFS:
    case EACCES:
    case EPERM:
      return Kind::read_only;
    default:
      return (code & 0xff) == SQLITE_IOERR ? Kind::disk : Kind::other;
  }
}

Kind kind_of(int code, int system) {
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
      return Kind::full;
    case SQLITE_READONLY:
      return Kind::read_only;
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
      return kind_by_system(code, system);
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
  std::string_view said = "The database {path} refused a statement: {words}.";
  switch (kind) {
    case Kind::busy:
      said = "The database {path} was being written by something else for too long. Try again.";
      break;
    case Kind::full:
      said =
          "The database {path} cannot be written: there is no room left on its disk ({words}). "
          "Make "
          "room; nothing that was stored is lost.";
      break;
    case Kind::read_only:
      said =
          "The database {path} is read-only ({words}). Look at the rights of the file and its "
          "folder, and at how its file system is mounted.";
      break;
    case Kind::disk:
      said =
          "The database {path} cannot be read or written: disk error ({words}). Look at the "
          "system's "
          "log and at the disk.";
      break;
    case Kind::corrupt:
      said =
          "The database {path} is damaged or is not a database ({words}). Restore it from a "
          "backup.";
      break;
    default:
      break;
  }
  return text::fill(said, {{"path", path}, {"words", words}});
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
  if (file < 0 && !there) {
    const auto kind = kind_by_system(SQLITE_CANTOPEN, errno);
    if (kind != Kind::other) throw DatabaseError(sentence(kind, path, std::strerror(errno)), kind);
    throw DatabaseError(
        text::fill("The database {path} cannot be opened: {why}. Name a file in a folder that this "
                   "user may write to.",
                   {{"path", path}, {"why", std::strerror(errno)}}));
  }
  if (file >= 0) ::close(file);
  // Root works on the file of the service's user; SQLite gives what it makes beside it to that
  // user.
  if (::geteuid() == 0 && there && status.st_uid != 0) return;
  for (const char* beside : {"", "-wal", "-shm"})
    if (const auto checked = system::check_private_file(
            path + beside, text::fill("The database {path}", {{"path", path + beside}}));
        !checked)
      throw DatabaseError(checked.error().hint);
}

class Sqlite : public Engine {
 public:
  explicit Sqlite(const std::string& path);
  ~Sqlite() override {
    begin_.reset();
    commit_.reset();
    sqlite3_close(handle_);
  }

  Dialect dialect() const override { return Dialect::sqlite; }
  std::unique_ptr<Prepared> prepare(const std::string& sql) override;
  void run_script(const char* sql) override {
    const int code = sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) give_up(code);
  }
  void begin() override {
    if (!begin_) begin_ = prepare("begin immediate");
    run(*begin_);
  }
  void commit() override {
    if (!commit_) commit_ = prepare("commit");
    run(*commit_);
  }
  bool in_transaction() const override { return sqlite3_get_autocommit(handle_) == 0; }
  bool is_usable() override { return !in_transaction(); }
  void need_room() override;
  void wait_at_most(std::optional<std::chrono::milliseconds> most) override {
    patience_ = most.value_or(usual_patience);
  }

  sqlite3* handle() const { return handle_; }
  [[noreturn]] void give_up(int code) const {
    // SQLite has the system's word for some failures, and not for that of a commit; then the last
    // word that the system had is the one.
    const int last = errno, known = sqlite3_system_errno(handle_);
    const Kind said = kind_of(code, known);
    const Kind kind = said == Kind::disk ? kind_of(code, last) : said;
    throw DatabaseError(sentence(kind, path_, sqlite3_errmsg(handle_)), kind);
  }

 private:
  /// What SQLite asks while another connection writes: 0, not to look again.
  int look_again(int looks);
  static void run(Prepared& statement) {
    // Reset, or a failed one would be in the way of the next.
    try {
      statement.step();
    } catch (...) {
      statement.reset();
      throw;
    }
    statement.reset();
  }

  std::string path_;
  std::chrono::milliseconds patience_ = usual_patience;
  std::chrono::steady_clock::time_point waits_since_{};
  sqlite3* handle_ = nullptr;
  std::unique_ptr<Prepared> begin_, commit_;
};

class SqliteStatement : public Prepared {
 public:
  SqliteStatement(const Sqlite& engine, sqlite3_stmt* statement)
      : engine_(engine), statement_(statement) {}
  ~SqliteStatement() override { sqlite3_finalize(statement_); }

  void bind(int index, std::int64_t value) override {
    check(sqlite3_bind_int64(statement_, index, value));
  }
  void bind(int index, std::string_view value) override {
    // A null pointer would bind a null, and an empty view may hold one.
    const char* start = value.empty() ? "" : value.data();
    check(
        sqlite3_bind_text64(statement_, index, start, value.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
  }
  void bind(int index, const Blob& value) override {
    check(sqlite3_bind_blob64(statement_, index, value.bytes.data(), value.bytes.size(),
                              SQLITE_TRANSIENT));
  }
  void bind_null(int index, ValueType) override { check(sqlite3_bind_null(statement_, index)); }

  bool step() override {
    const int code = sqlite3_step(statement_);
    if (code == SQLITE_ROW) return true;
    if (code != SQLITE_DONE) engine_.give_up(code);
    return false;
  }
  void reset() noexcept override {
    sqlite3_reset(statement_);
    sqlite3_clear_bindings(statement_);
  }
  bool writes() const override { return sqlite3_stmt_readonly(statement_) == 0; }
  std::int64_t changed() const override {
    // SQLite counts the changes of the newest statement that made any.
    return sqlite3_stmt_readonly(statement_) != 0 ? 0 : sqlite3_changes64(engine_.handle());
  }

  std::int64_t int64(int column) const override { return sqlite3_column_int64(statement_, column); }
  std::string text(int column) const override {
    const auto* start = sqlite3_column_text(statement_, column);
    const int size = sqlite3_column_bytes(statement_, column);
    return {reinterpret_cast<const char*>(start), static_cast<std::size_t>(size)};
  }
  std::string blob(int column) const override {
    const auto* start = sqlite3_column_blob(statement_, column);
    const int size = sqlite3_column_bytes(statement_, column);
    return {static_cast<const char*>(start), static_cast<std::size_t>(size)};
  }
  bool is_null(int column) const override {
    return sqlite3_column_type(statement_, column) == SQLITE_NULL;
  }

 private:
  void check(int code) const {
    if (code != SQLITE_OK) engine_.give_up(code);
  }

  const Sqlite& engine_;
  sqlite3_stmt* statement_;
};

Sqlite::Sqlite(const std::string& path) : path_(path) {
  if (path != ":memory:") make_private_file(path);
  const int flags =
      SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  const int code = sqlite3_open_v2(path.c_str(), &handle_, flags, nullptr);
  try {
    if (code != SQLITE_OK) give_up(code);
    sqlite3_busy_handler(
        handle_,
        [](void* self, int looks) { return static_cast<Sqlite*>(self)->look_again(looks); }, this);
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

int Sqlite::look_again(int looks) {
  const auto now = std::chrono::steady_clock::now();
  if (looks == 0) waits_since_ = now;
  if (now - waits_since_ >= patience_) return 0;
  std::this_thread::sleep_for(between_looks);
  return 1;
}

void Sqlite::need_room() {
  struct statvfs system {};
  if (::statvfs(path_.c_str(), &system) != 0) return;
  // Some of it is kept for root.
  const auto blocks = ::geteuid() == 0 ? system.f_bfree : system.f_bavail;
  if (system.f_blocks != 0 && std::uint64_t{blocks} * system.f_frsize < least_room)
    throw DatabaseError(sentence(Kind::full, path_, "less than 256 KiB"), Kind::full);
}

std::unique_ptr<Prepared> Sqlite::prepare(const std::string& sql) {
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v3(handle_, sql.c_str(), static_cast<int>(sql.size() + 1),
                                      SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  if (code != SQLITE_OK) give_up(code);
  return std::make_unique<SqliteStatement>(*this, statement);
}

}  // namespace
}  // namespace sqlite

std::unique_ptr<Engine> open_sqlite(const std::string& path) {
  return std::make_unique<sqlite::Sqlite>(path);
}

}  // namespace rekey::store
