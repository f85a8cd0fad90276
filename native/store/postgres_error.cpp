// What PostgreSQL's errors mean.
#include <cstring>

#include "core/text/catalogue.hpp"
#include "native/store/postgres.hpp"

namespace rekey::store::postgres {
namespace {

using Kind = DatabaseError::Kind;

constexpr const char* looks_like =
    "postgresql://user@host:5432/database (characters of a password that are not letters or digits "
    "are written as %40)";

bool is_about_login(std::string_view state) {
  return state.starts_with("28") || state == "3D000";
}

Kind kind_by(std::string_view state, std::string_view words, bool connected) {
  if (state == "23505") return Kind::unique;
  if (state == "23503") return Kind::foreign;
  if (state.starts_with("23")) return Kind::check;
  // Serialization failure; deadlock, of which one is the victim.
  if (state == "40001" || state == "40P01") return Kind::overtaken;
  // A lock that was not had in time; a statement that took too long (bounded_wait.hpp).
  if (state == "55P03" || state == "57014") return Kind::busy;
  if (state == "53100") return Kind::full;
  if (state == "58030") return Kind::disk;
  // A statement of ours that is there already, or no more: the session is not ours alone.
  if (state == "42P05" || state == "26000" || words.find("pooling mode") != words.npos)
    return Kind::pooled;
  // default_transaction_read_only; or a standby, which another server has taken over from.
  if (state == "25006" || (state == "0A000" && words.find("hot standby") != words.npos))
    return Kind::read_only;
  if (state.starts_with("XX001") || state.starts_with("XX002")) return Kind::corrupt;
  if (state == "22021" || state == "22P05") return Kind::unfit;
  // Statements that the server plans otherwise than when they were prepared: another connection
  // will do.
  if (!connected || is_about_login(state) || state.starts_with("08") || state.starts_with("57P") ||
      state.starts_with("53") || state == "0A000")
    return Kind::unreachable;
  return Kind::other;
}

/// libpq ends its words with a line feed and spreads them over lines.
std::string one_line(std::string words) {
  std::string out;
  for (const char c : words) {
    const bool space = c == '\n' || c == '\t' || c == ' ';
    if (!space)
      out += c;
    else if (!out.empty() && out.back() != ' ')
      out += ' ';
  }
  while (!out.empty() && (out.back() == ' ' || out.back() == '.')) out.pop_back();
  return out;
}

DatabaseError unreadable() {
  return DatabaseError(text::fill("The setting database cannot be read. It is to look like {form}.",
                                  {{"form", looks_like}}),
                       Kind::unreachable);
}

/// What the operator can do about it, with the places {place} and {words}.
std::string_view sentence_of(Kind kind, bool about_login) {
  switch (kind) {
    case Kind::overtaken:
      return "The database {place} was being written by others too often at once. Try again.";
    case Kind::busy:
      return "The database {place} was locked by something else for too long. Try again.";
    case Kind::full:
      return "The database {place} cannot be written: there is no room left on its server's disk "
             "({words}). Make room; nothing that was stored is lost.";
    case Kind::read_only:
      return "The database {place} is read-only ({words}). Look at default_transaction_read_only, "
             "and whether this server is a standby: with several, add "
             "target_session_attrs=read-write.";
    case Kind::disk:
      return "The database {place} cannot be read or written: disk error ({words}). Look at its "
             "server's log and disk.";
    case Kind::pooled:
      return "The database {place} is reached through a pooler that gives each transaction another "
             "session ({words}). Rekey needs sessions of its own: set PgBouncer's pool mode to "
             "session (pool_mode = session), or connect to the server itself.";
    case Kind::corrupt:
      return "The database {place} is damaged ({words}). Restore it from a backup.";
    case Kind::unfit:
      return "The database cannot store a text that is not UTF-8, or has a zero byte in it.";
    case Kind::unreachable:
      return about_login
                 ? "The database {place} does not let us in: {words}. Correct the setting database."
                 : "The database {place} does not answer: {words}. Look whether its server runs "
                   "and "
                   "can be reached from here.";
    default:
      return "The database {place} refused a statement: {words}.";
  }
}

}  // namespace

DatabaseError error_of(const std::string& place, std::string_view state, std::string words,
                       bool connected) {
  const Kind kind = kind_by(state, words, connected);
  words = one_line(std::move(words));
  return DatabaseError(
      text::fill(sentence_of(kind, is_about_login(state)), {{"place", place}, {"words", words}}),
      kind);
}

std::string place_of(const std::string& connection) {
  // Its own complaint is not passed on: it quotes the part that it cannot read.
  char* complaint = nullptr;
  PQconninfoOption* options = PQconninfoParse(connection.c_str(), &complaint);
  if (complaint != nullptr) PQfreemem(complaint);
  if (options == nullptr) throw unreadable();
  std::string host, port, name;
  for (const auto* each = options; each->keyword != nullptr; ++each) {
    if (each->val == nullptr) continue;
    if (std::strcmp(each->keyword, "host") == 0) host = each->val;
    if (std::strcmp(each->keyword, "port") == 0) port = std::string(":") + each->val;
    if (std::strcmp(each->keyword, "dbname") == 0) name = std::string(each->val) + " ";
  }
  PQconninfoFree(options);
  // Where a password has a character that should be written as %40, libpq takes a part of it for
  // one of these, and its messages quote it.
  const bool odd = host.find('@', 1) != host.npos ||
                   port.find_first_not_of(":,0123456789") != port.npos ||
                   (connection.find("://") != connection.npos && name.find('@') != name.npos);
  if (odd) throw unreadable();
  return text::fill(
      "{name}at {host}{port}",
      {{"name", name}, {"host", host.empty() ? "this machine" : host}, {"port", port}});
}

}  // namespace rekey::store::postgres
