#include "native/store/schema.hpp"

#include <filesystem>

#include "core/text/catalogue.hpp"
#include "native/store/bounded_wait.hpp"
#include "native/store/configurations.hpp"
#include "native/store/schema_postgres.hpp"

namespace rekey::store {

namespace {

// One entry a version; an entry is never changed once released. Times are milliseconds since 1970.
constexpr const char* versions[] = {
    R"sql(
create table tenants (
  id text primary key, name text not null, created integer not null) without rowid;

-- One tenant's link to one integration. `state` is what stepping through `events` gives; `due` is
-- when time itself is the next event.
create table connections (
  id text primary key, tenant text not null references tenants(id), integration text not null,
  seq integer not null, state text not null, due integer, updated integer not null,
  unique (tenant, integration)) without rowid;
create index connections_due on connections(due) where due is not null;

-- The history, and the audit log: only ever appended to. Two writers racing is one lost insert.
create table events (
  connection text not null references connections(id), seq integer not null, at integer not null,
  event text not null, state text not null, notices text not null,
  primary key (connection, seq)) without rowid;

-- Effects still to be performed. A job is leased, performed, and removed; a lease that runs out
-- (the process died) gives it to the next.
create table jobs (
  id integer primary key, connection text not null references connections(id),
  effect text not null, run_at integer not null, attempts integer not null default 0,
  owner text, lease_until integer);
create index jobs_run_at on jobs(run_at);

-- Each connection's data key, wrapped by a master key; and what is sealed under it.
create table data_keys (
  connection text primary key references connections(id), id text not null,
  wrapped blob not null) without rowid;
create table secrets (
  connection text not null references connections(id), field text not null,
  version integer not null, sealed blob not null,
  primary key (connection, field, version)) without rowid;

-- Authorization attempts: bound to the browser session that began them, known by the hash of their
-- state value.
create table attempts (
  id text primary key, connection text not null references connections(id), session text not null,
  state_hash text not null unique, redirect_uri text not null, expires integer not null)
  without rowid;

-- What is known of a grant beside its tokens. `revision` changes with every refresh; the lease is
-- held by the one process that refreshes.
create table grants (
  connection text not null references connections(id), version integer not null,
  realm_id text not null, redirect_uri text not null, access_expires integer not null default 0,
  revision integer not null default 0, lease_owner text, lease_until integer,
  primary key (connection, version)) without rowid;

create table page_tokens (
  hash text primary key, tenant text not null references tenants(id), expires integer not null,
  used integer not null default 0) without rowid;
create table page_sessions (
  hash text primary key, tenant text not null references tenants(id), expires integer not null)
  without rowid;
create table api_keys (
  hash text primary key, name text not null, created integer not null) without rowid;

-- The host's own records, against which we map.
create table directory (
  tenant text not null references tenants(id), section text not null, position integer not null,
  id text not null, name text not null, detail text not null,
  primary key (tenant, section, id)) without rowid;

-- What was imported of a company, as it came.
create table imported (
  connection text not null references connections(id), realm_id text not null,
  entity text not null, id text not null, position integer not null, run integer not null,
  body text not null, primary key (connection, realm_id, entity, id)) without rowid;

-- Configurations by company and revision: every saved one, and the newest draft.
create table configurations (
  connection text not null references connections(id), realm_id text not null,
  revision integer not null, at integer not null, saved integer not null, body text not null,
  primary key (connection, realm_id, revision)) without rowid;
create table snapshots (
  connection text not null references connections(id), realm_id text not null,
  revision integer not null, at integer not null, body text not null,
  primary key (connection, realm_id, revision, at)) without rowid;
)sql",
    R"sql(
-- API keys: an id to name them by without knowing them, what they may do, and how often (requests a
-- second, and how many at once; null: no limit).
alter table api_keys add column id text not null default '';
alter table api_keys add column scopes text not null default '*';
alter table api_keys add column rate integer;
alter table api_keys add column burst integer;
update api_keys set id = 'key_' || substr(hash, 1, 12);
create unique index api_keys_id on api_keys(id);

-- The scope a grant was given, when the provider said so; empty: as it was asked for.
alter table grants add column scope text not null default '';

-- What running processes keep in memory, and must hear of when another changes it: the ids of
-- connections, and 'api_keys'. Written by triggers, so that no writer can forget it. Only the
-- newest rows are kept; who has missed some forgets everything, as with the subject '': a
-- connection was deleted, and its id with it.
create table changes (n integer primary key autoincrement, subject text not null);
create trigger connection_changed after update of seq on connections begin
  insert into changes (subject) values (new.id); end;
create trigger connection_deleted after delete on connections begin
  insert into changes (subject) values (''); end;
create trigger grant_renewed after update of revision, access_expires on grants begin
  insert into changes (subject) values (new.connection); end;
create trigger api_key_added after insert on api_keys begin
  insert into changes (subject) values ('api_keys'); end;
create trigger api_key_changed after update on api_keys begin
  insert into changes (subject) values ('api_keys'); end;
create trigger api_key_revoked after delete on api_keys begin
  insert into changes (subject) values ('api_keys'); end;
)sql",
    R"sql(
-- How a grant is kept alive. `lease_beat` grows while the holder of the lease lives. `spending` is
-- the revision whose refresh token is about to be sent, or was sent without an answer that could be
-- stored. `retry_at`: the provider is not asked before, unless the clock was set back further than
-- `retry_span`. `refresh_due` and `warn_due` are when to look at it next.
update grants set lease_owner = null;
alter table grants drop column lease_until;
alter table grants add column lease_beat integer not null default 0;
alter table grants add column spending integer;
alter table grants add column access_life integer not null default 3600000;
alter table grants add column failures integer not null default 0;
alter table grants add column fault text not null default '';
alter table grants add column fault_since integer;
alter table grants add column retry_at integer;
alter table grants add column retry_span integer not null default 0;
alter table grants add column refresh_due integer;
alter table grants add column warn_due integer;
update grants set refresh_due = access_expires;
create index grants_refresh_due on grants(refresh_due) where refresh_due is not null;
create index grants_warn_due on grants(warn_due) where warn_due is not null;
)sql",
    R"sql(
-- The phase, so that connections can be listed by it.
alter table connections add column status text not null default 'unlinked';
update connections set status = json_extract(state, '$.connect.phase.type');
create index connections_status on connections(status, id);

-- What was answered to a write that came with an Idempotency-Key, for a day. `status` null: it is
-- being carried out.
create table idempotency (
  key text not null, id text not null, request text not null, at integer not null, status integer,
  content_type text, body text, primary key (key, id)) without rowid;
create index idempotency_at on idempotency(at);

-- That a connection was deleted: the digest of the proof that was given for it, and nothing else.
create table deletions (digest text primary key, at integer not null) without rowid;

-- Where the host is told of what happened. The signing secret is sealed under a data key of its
-- own, wrapped by a master key.
create table webhook_endpoints (
  id text primary key, url text not null, types text not null, created integer not null,
  disabled integer, key_id text not null, wrapped blob not null, sealed blob not null)
  without rowid;
-- What happened, written in the transaction of the event it tells of; and who is still to be told.
create table webhook_messages (
  n integer primary key, id text not null unique,
  connection text not null references connections(id), type text not null, at integer not null,
  body text not null);
create index webhook_messages_at on webhook_messages(at);
create index webhook_messages_connection on webhook_messages(connection);
create table webhook_deliveries (
  message integer not null references webhook_messages(n) on delete cascade,
  endpoint text not null references webhook_endpoints(id) on delete cascade,
  attempts integer not null default 0, next_at integer, lease_until integer,
  delivered integer, last_at integer, last_status integer, primary key (endpoint, message))
  without rowid;
create index webhook_deliveries_next on webhook_deliveries(next_at) where next_at is not null;
create index webhook_deliveries_message on webhook_deliveries(message);
)sql",
    R"sql(
-- The person of a link or a session, the address it leads back to, and the API key that made it.
-- `seen`: the last request, to the minute. They go with their connection. Those from before say none
-- of it and end here.
drop table page_tokens;
create table page_tokens (
  hash text primary key, tenant text not null references tenants(id),
  connection text not null references connections(id), user_id text not null,
  user_name text not null, return_url text not null, key_id text not null,
  expires integer not null, used integer not null default 0) without rowid;
create index page_tokens_expires on page_tokens(expires);
create index page_tokens_tenant on page_tokens(tenant);
create index page_tokens_connection on page_tokens(connection);
drop table page_sessions;
create table page_sessions (
  hash text primary key, id text not null unique, tenant text not null references tenants(id),
  connection text not null references connections(id),
  user_id text not null, user_name text not null, return_url text not null, key_id text not null,
  created integer not null, seen integer not null, expires integer not null) without rowid;
create index page_sessions_tenant on page_sessions(tenant, id);
create index page_sessions_connection on page_sessions(connection);
create index page_sessions_key on page_sessions(key_id);
create index page_sessions_seen on page_sessions(seen);
create index page_sessions_expires on page_sessions(expires);
create trigger page_session_ended after delete on page_sessions begin
  insert into changes (subject) values ('page_sessions'); end;

-- Who did it: JSON of a wire::Actor; empty for what was stored before.
alter table events add column actor text not null default '';

-- Who chose what stands in a configuration; empty for what was stored before.
alter table configurations add column actor text not null default '';

-- Jobs wait in lanes: 0 what a person waits for, 1 what is long.
alter table jobs add column lane integer not null default 0;
update jobs set lane = 1 where effect like '%"run_import"%';
drop index jobs_run_at;
create index jobs_lane on jobs(lane, run_at, id);
create index jobs_connection on jobs(connection);

-- Messages outlive their connection. `erase`: it is deleted, and so is the message as soon as it
-- has been delivered; `deletion`: the digest of that deletion's proof.
create table messages_new (
  n integer primary key, id text not null unique, connection text not null, type text not null,
  at integer not null, body text not null, erase integer not null default 0, deletion text);
insert into messages_new (n, id, connection, type, at, body)
  select n, id, connection, type, at, body from webhook_messages;
create table deliveries_new (
  message integer not null references messages_new(n) on delete cascade,
  endpoint text not null references webhook_endpoints(id) on delete cascade,
  attempts integer not null default 0, next_at integer, lease_until integer,
  delivered integer, last_at integer, last_status integer, primary key (endpoint, message))
  without rowid;
insert into deliveries_new select * from webhook_deliveries;
drop table webhook_deliveries;
drop table webhook_messages;
alter table messages_new rename to webhook_messages;
alter table deliveries_new rename to webhook_deliveries;
create index webhook_messages_at on webhook_messages(at);
create index webhook_messages_connection on webhook_messages(connection);
create index webhook_messages_erase on webhook_messages(erase) where erase <> 0;
create index webhook_deliveries_next on webhook_deliveries(next_at) where next_at is not null;
create index webhook_deliveries_message on webhook_deliveries(message);

-- Events that concern security or the host's rights, each with its actor; without
-- personal data once its tenant is deleted.
create table audit (
  n integer primary key autoincrement, at integer not null, event text not null,
  actor text not null, tenant text, connection text, detail text not null);
create index audit_at on audit(at);
create index audit_tenant on audit(tenant) where tenant is not null;
create index audit_connection on audit(connection) where connection is not null;

-- `pending`: the rows are gone, the write-ahead log still has to be emptied of them.
-- `revocation`: how the end of its grants stands at the provider.
alter table deletions add column pending integer not null default 0;
alter table deletions add column revocation text not null default '';
create index deletions_pending on deletions(pending) where pending <> 0;

-- Tokens whose connection was deleted before the provider confirmed their end; each is sealed under
-- a data key of its own. `deletion`: the digest of the proof that says so, if one does.
create table revocations (
  id text primary key, key_id text not null, wrapped blob not null, sealed blob not null,
  created integer not null, attempts integer not null default 0, next_at integer not null,
  lease_until integer, deletion text) without rowid;
create index revocations_next_at on revocations(next_at);
create index revocations_deletion on revocations(deletion) where deletion is not null;

-- The SHA-256 of the refresh token, so that the same one is not taken for two tenants.
alter table grants add column refresh_hash text not null default '';
create index grants_refresh_hash on grants(refresh_hash) where refresh_hash <> '';
create index grants_realm_id on grants(realm_id);

-- The master keys that something here is, or was, sealed under: a known text, sealed by each.
create table master_keys (
  id text primary key, sealed blob not null, added integer not null) without rowid;

-- What goes by its age (retention.cpp). `thinned`: the history up to this event has been looked
-- through for old renewals.
create index attempts_expires on attempts(expires);
alter table connections add column thinned integer not null default 0;
)sql",
    R"sql(
-- The refresh machine's state (core/refresh/state.hpp), a column each. `fault`: a meaning, or why it
-- ends; `retry_at`: when it is tried again, or ends; `unsettled_before`: of a turn under way.
-- `barred`: what the accounting API says against it. `client_id`: the client it was given to.
alter table grants add column phase text not null default 'fresh';
alter table grants add column unsettled_before integer not null default 0;
alter table grants add column renewable integer not null default 1;
alter table grants add column previous integer not null default 0;
alter table grants add column barred text not null default '';
alter table grants add column barred_since integer;
alter table grants add column barred_looks integer not null default 0;
alter table grants add column look_due integer;
alter table grants add column client_id text not null default '';
update grants set phase = 'dying', fault = 'expired' where fault = 'no_refresh_token';
update grants set phase = 'dying' where fault in ('refused', 'reply_lost');
update grants set phase = 'held_back' where fault <> '' and phase = 'fresh';
update grants set fault_since = coalesce(fault_since, 0), retry_at = coalesce(retry_at, 0)
  where phase <> 'fresh';
update grants set renewable = exists (select 1 from secrets s where
  s.connection = grants.connection and s.version = grants.version and s.field = 'refresh_token');
update grants set previous = exists (select 1 from secrets s where
  s.connection = grants.connection and s.version = grants.version and
  s.field = 'previous_refresh_token');
create index grants_look_due on grants(look_due) where look_due is not null;
create index grants_fault_since on grants(fault_since) where fault_since is not null;
)sql",
    R"sql(
-- The directory's records: what matching compares beside the name (record_fields.hpp).
alter table directory add column fields text not null default '';
-- What was imported (imported.hpp). Rows of a list stand by the run that read them: those of
-- lists.run are in use, those of lists.staged are being read, others go. `changed`: when the row was
-- first seen, was seen to have become another one, or was gone.
create table imported_new (
  connection text not null references connections(id), realm_id text not null,
  entity text not null, run integer not null, id text not null, position integer not null,
  body text not null, changed integer not null default 0, gone integer not null default 0,
  primary key (connection, realm_id, entity, run, id)) without rowid;
insert into imported_new (connection, realm_id, entity, run, id, position, body)
  select connection, realm_id, entity, max(run) over (partition by connection, realm_id, entity),
    id, position, body from imported;
drop table imported;
alter table imported_new rename to imported;
create index imported_changed on imported(connection, realm_id, entity, run, changed, id);
-- Each list of a company: the run in use (0: none), how many rows it has and had by the provider's
-- own count, when it was read, and the provider's time up to which it is known; the same of the run
-- that is being read (null: none), and how far that is (JSON of an imports::Walk).
create table lists (
  connection text not null references connections(id), realm_id text not null,
  entity text not null, run integer not null default 0, row_count integer not null default 0,
  counted integer not null default 0, read_at integer not null default 0, changed_to integer,
  set_aside integer not null default 0, mended integer not null default 0,
  staged integer, staged_from integer, staged_mended integer not null default 0,
  staged_walk text not null default '',
  primary key (connection, realm_id, entity)) without rowid;
insert into lists (connection, realm_id, entity, run, row_count, counted)
  select connection, realm_id, entity, max(run), count(*), count(*) from imported
  group by connection, realm_id, entity;
-- What could not be kept as a row of a list, by its place in the list: why, and its id if it has
-- one; nothing of what is in it.
create table set_aside (
  connection text not null references connections(id), realm_id text not null,
  entity text not null, run integer not null, position integer not null, id text not null,
  reason text not null, primary key (connection, realm_id, entity, run, position)) without rowid;
-- How many calls a company's accounting API may still be asked, whoever asks (budgets.hpp). `company`
-- is a digest. `used` is JSON of the calls of the last minute, second by second.
create table budgets (
  company text primary key, next_at integer not null default 0, used text not null default '',
  paused_until integer not null default 0, slow_until integer not null default 0,
  seen integer not null default 0) without rowid;
create index budgets_seen on budgets(seen);
-- Records that the provider said have changed, until they are read (change_notices.hpp). An empty id
-- is the whole list. One row for each connection says when; while it is being done, when another
-- process may.
create table change_notices (
  connection text not null references connections(id), entity text not null, id text not null,
  at integer not null, primary key (connection, entity, id)) without rowid;
create table change_reads (
  connection text primary key references connections(id), due_at integer not null,
  attempts integer not null default 0) without rowid;
create index change_reads_due on change_reads(due_at);
-- Deliveries of changes that were not taken, by why: how many, and when the last one came.
create table refused_deliveries (
  reason text primary key, count integer not null, at integer not null) without rowid;

-- Configuration -----------------------------------------------------------------------------------

-- The choices, a row for as long as each held: of the revisions from `since` until before `until`;
-- null: it still holds. `state`: a mapping::Decision. Another company's stay under its realm id.
create table choices (
  connection text not null references connections(id), realm_id text not null,
  section text not null, ours text not null, since integer not null, until integer,
  theirs text not null, name text not null, state text not null, actor text not null,
  primary key (connection, realm_id, section, ours, since)) without rowid;
create index choices_since on choices(connection, realm_id, since);
create index choices_until on choices(connection, realm_id, until) where until is not null;
create index choices_theirs on choices(connection, realm_id, section, theirs, until)
  where theirs <> '';

-- The revisions: every saved one of the newest hundred, and the newest drafts. What was chosen at
-- one is in `choices`; their bodies are moved there (configurations.cpp), and then dropped.
alter table configurations add column settings text not null default '';
-- A revision whose choices are kept, whatever becomes of the list.
alter table snapshots add column settings text not null default '';

-- The lines of a configuration as the page lists and counts them (lines.hpp), a row for each of the
-- host's records. `folded`: what it is found and sorted by; `there`: 0, the host has it no more;
-- `fresh`: 1, it came after the last save; `change`: a mapping::Change; `conflict`: 1, another line
-- has the same counterpart.
create table lines (
  connection text not null references connections(id), realm_id text not null,
  section text not null, ours text not null, position integer not null, name text not null,
  folded text not null, body text not null, there integer not null default 1,
  fresh integer not null default 0, state text not null default 'undecided',
  change text not null default '', conflict integer not null default 0,
  primary key (connection, realm_id, section, ours)) without rowid;
create index lines_folded on lines(connection, realm_id, section, folded, ours);
create index lines_state on lines(connection, realm_id, section, state, there, folded, ours);
create index lines_change on lines(connection, realm_id, section, folded, ours, change)
  where change <> '';
create index lines_conflict on lines(connection, realm_id, section, folded, ours, conflict)
  where conflict = 1;
create index lines_gone on lines(connection, realm_id, section, folded, ours, there)
  where there = 0;
create index lines_fresh on lines(connection, realm_id, fresh, section, ours) where fresh = 1;
-- The records they can be mapped to.
create table targets (
  connection text not null references connections(id), realm_id text not null,
  section text not null, id text not null, name text not null, folded text not null,
  active integer not null, body text not null,
  primary key (connection, realm_id, section, id)) without rowid;
create index targets_folded on targets(connection, realm_id, section, folded, id);
-- What is suggested, the best (rank 0) first. `confidence`: in millionths; `applies`: 1, one click
-- may apply it.
create table suggestions (
  connection text not null references connections(id), realm_id text not null,
  section text not null, ours text not null, rank integer not null, theirs text not null,
  confidence integer not null, reasons text not null, applies integer not null,
  primary key (connection, realm_id, section, ours, rank)) without rowid;
create index suggestions_theirs on suggestions(connection, realm_id, section, theirs)
  where rank = 0;
-- Connections whose lines are to be made anew: after an import, or when the directory changed.
-- `asked` grows each time; who is at it holds it until `run_at`.
create table matching (
  connection text primary key references connections(id), asked integer not null,
  run_at integer not null) without rowid;
create index matching_run_at on matching(run_at);
insert into matching (connection, asked, run_at) select id, 1, 0 from connections;
)sql",
    R"sql(
-- Configuration: what was set aside is called by its name, where it has one.
alter table set_aside add column name text not null default '';
-- What is suggested is to be found anew: accounts of another kind are not, any more.
insert into matching (connection, asked, run_at) select id, 1, 0 from connections where true
  on conflict (connection) do update set asked = matching.asked + 1;
-- Grants. The SHA-256 of the refresh token before the newest, which renews for as long as the
-- provider takes it; and the client that a token to be revoked was given to (empty: not known).
alter table grants add column previous_hash text not null default '';
create index grants_previous_hash on grants(previous_hash) where previous_hash <> '';
alter table revocations add column client_id text not null default '';
-- Matching: companies whose lines (lines.hpp) have once been made as a whole, so that what comes
-- after it is new.
create table matched (
  connection text not null references connections(id), realm_id text not null,
  primary key (connection, realm_id)) without rowid;
insert into matched (connection, realm_id) select distinct connection, realm_id from lines;
-- Matching: the model of the last time that a section was matched as a whole (JSON), and how many
-- records changed since.
create table matching_models (
  connection text not null references connections(id), realm_id text not null,
  section text not null, changed integer not null, model text not null,
  primary key (connection, realm_id, section)) without rowid;
)sql",
    R"sql(
-- `fresh`: 1, it has come since the last save.
alter table targets add column fresh integer not null default 0;
create index targets_fresh on targets(connection, realm_id, section) where fresh = 1;
)sql",
};

constexpr std::int64_t newest = std::size(versions);
/// From this version on, a configuration is rows and not one body of JSON.
constexpr std::int64_t choices_by_rows = 7;

bool is_postgres(const Database& db) {
  return db.dialect() == Dialect::postgres;
}

std::int64_t version_of(Database& db) {
  if (is_postgres(db)) return postgres_version(db);
  auto asked = db.query("pragma user_version");
  asked.step();
  return asked.int64(0);
}

void upgrade(Database& db) {
  Transaction transaction(db);
  const auto version = version_of(db);
  if (version > newest)
    throw DatabaseError(
        text::fill("the database was made by a newer version of rekey (schema {version}, this "
                   "program knows {newest}); start that version instead",
                   {{"version", std::to_string(version)}, {"newest", std::to_string(newest)}}));
  if (is_postgres(db)) {
    upgrade_postgres(db, version);
  } else {
    for (auto i = version; i < newest; ++i) db.run_script(versions[i]);
    db.run_script(("pragma user_version = " + std::to_string(newest)).c_str());
  }
  if (version < choices_by_rows) {
    move_bodies_to_rows(db);
    db.run_script("alter table configurations drop column body");
    db.run_script("alter table snapshots drop column body");
  }
  transaction.commit();
}

/// How long other users of the file are waited for where it can be done later.
constexpr Millis short_wait{100};

/// False: another writer was in the way.
template <class Work>
bool unless_busy(Work&& work) {
  try {
    return work();
  } catch (const DatabaseError& error) {
    if (error.kind() != DatabaseError::Kind::busy) throw;
    return false;
  }
}

/// Of an SQLite database.
std::string path_of(Database& db) {
  auto row = db.query("select file from pragma_database_list where name = 'main'");
  return row.step() ? row.text(0) : std::string();
}

}  // namespace

void prepare_schema(Database& db) {
  // Nothing is written where nothing has to be, so that a start does not wait for the disk.
  if (version_of(db) == newest) return;
  try {
    upgrade(db);
  } catch (const DatabaseError&) {
    // On PostgreSQL, another process may have done it at the same time.
    if (!is_postgres(db) || !db.is_usable() || version_of(db) != newest) throw;
  }
}

std::vector<std::string> tables_with(Database& db, const std::string& column) {
  auto row = db.query(is_postgres(db)
                          ? "select c.table_name::text from information_schema.columns c "
                            "where c.table_schema = current_schema() and c.column_name = ?1 "
                            "order by 1"
                          : "select m.name from sqlite_master m join pragma_table_info(m.name) c "
                            "where m.type = 'table' and c.name = ?1 order by m.name",
                      column);
  std::vector<std::string> out;
  while (row.step()) out.push_back(row.text(0));
  return out;
}

bool overwrite_deleted(Database& db) {
  if (is_postgres(db)) return true;
  // Truncating keeps writers out while it waits for readers, so it waits for the short ones only.
  const BoundedWait wait(db, short_wait);
  return unless_busy([&] {
    auto emptied = db.query("pragma wal_checkpoint(truncate)");
    return emptied.step() && emptied.int64(0) == 0;
  });
}

std::int64_t log_size(Database& db) {
  if (is_postgres(db)) return 0;
  std::error_code error;
  const auto size = std::filesystem::file_size(path_of(db) + "-wal", error);
  return error ? 0 : static_cast<std::int64_t>(size);
}

std::int64_t file_size(Database& db) {
  if (is_postgres(db)) return 0;
  auto row = db.query("select page_count * page_size from pragma_page_count(), pragma_page_size()");
  row.step();
  return row.int64(0);
}

bool rewrite_file(Database& db) {
  if (is_postgres(db)) return true;
  // It is written twice, and a disk that is full with it would be full for others too.
  std::error_code error;
  const auto space = std::filesystem::space(path_of(db), error);
  if (!error && space.available / 2 < static_cast<std::uintmax_t>(file_size(db))) return false;
  const BoundedWait wait(db, short_wait);
  return unless_busy([&] {
    db.run_script("vacuum");
    return true;
  });
}

}  // namespace rekey::store
