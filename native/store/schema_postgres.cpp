// The tables of PostgreSQL: the same as SQLite's (schema.cpp says what each is for), which a test
// compares.
#include "native/store/schema_postgres.hpp"

namespace rekey::store {

namespace {

// What brings a database of the version before to `version`. The first makes everything, because
// PostgreSQL came when SQLite had had three changes already. An entry is never changed once
// released.
struct Upgrade {
  std::int64_t version;
  const char* sql;
};
constexpr Upgrade upgrades[] = {{4, R"sql(
create table rekey_schema (version bigint not null);
insert into rekey_schema values (0);

create table tenants (
  id text primary key, name text not null, created bigint not null);
create table connections (
  id text primary key, tenant text not null references tenants(id), integration text not null,
  seq bigint not null, state text not null, due bigint, updated bigint not null,
  status text not null default 'unlinked', unique (tenant, integration));
create index connections_due on connections(due) where due is not null;
create index connections_status on connections(status, id);
create table events (
  connection text not null references connections(id), seq bigint not null, at bigint not null,
  event text not null, state text not null, notices text not null,
  primary key (connection, seq));
create table jobs (
  id bigint generated always as identity primary key,
  connection text not null references connections(id), effect text not null,
  run_at bigint not null, attempts bigint not null default 0, owner text, lease_until bigint);
create index jobs_run_at on jobs(run_at, id);
create index jobs_connection on jobs(connection);

create table data_keys (
  connection text primary key references connections(id), id text not null,
  wrapped bytea not null);
create table secrets (
  connection text not null references connections(id), field text not null,
  version bigint not null, sealed bytea not null, primary key (connection, field, version));
create table attempts (
  id text primary key, connection text not null references connections(id), session text not null,
  state_hash text not null unique, redirect_uri text not null, expires bigint not null);
create index attempts_connection on attempts(connection);
create table grants (
  connection text not null references connections(id), version bigint not null,
  realm_id text not null, redirect_uri text not null, access_expires bigint not null default 0,
  revision bigint not null default 0, lease_owner text, scope text not null default '',
  lease_beat bigint not null default 0, spending bigint,
  access_life bigint not null default 3600000, failures bigint not null default 0,
  fault text not null default '', fault_since bigint, retry_at bigint,
  retry_span bigint not null default 0, refresh_due bigint, warn_due bigint,
  primary key (connection, version));
create index grants_refresh_due on grants(refresh_due) where refresh_due is not null;
create index grants_warn_due on grants(warn_due) where warn_due is not null;

create table page_tokens (
  hash text primary key, tenant text not null references tenants(id), expires bigint not null,
  used bigint not null default 0);
create index page_tokens_expires on page_tokens(expires);
create table page_sessions (
  hash text primary key, tenant text not null references tenants(id), expires bigint not null);
create table api_keys (
  hash text primary key, name text not null, created bigint not null,
  id text not null default '', scopes text not null default '*', rate bigint, burst bigint);
create unique index api_keys_id on api_keys(id);

create table directory (
  tenant text not null references tenants(id), section text not null, position bigint not null,
  id text not null, name text not null, detail text not null,
  primary key (tenant, section, id));
create table imported (
  connection text not null references connections(id), realm_id text not null,
  entity text not null, id text not null, position bigint not null, run bigint not null,
  body text not null, primary key (connection, realm_id, entity, id));
create table configurations (
  connection text not null references connections(id), realm_id text not null,
  revision bigint not null, at bigint not null, saved bigint not null, body text not null,
  primary key (connection, realm_id, revision));
create table snapshots (
  connection text not null references connections(id), realm_id text not null,
  revision bigint not null, at bigint not null, body text not null,
  primary key (connection, realm_id, revision, at));

create table idempotency (
  key text not null, id text not null, request text not null, at bigint not null, status bigint,
  content_type text, body text, primary key (key, id));
create index idempotency_at on idempotency(at);
create table deletions (digest text primary key, at bigint not null);

create table webhook_endpoints (
  id text primary key, url text not null, types text not null, created bigint not null,
  disabled bigint, key_id text not null, wrapped bytea not null, sealed bytea not null);
create table webhook_messages (
  n bigint generated always as identity primary key, id text not null unique,
  connection text not null references connections(id), type text not null, at bigint not null,
  body text not null);
create index webhook_messages_at on webhook_messages(at);
create index webhook_messages_connection on webhook_messages(connection);
create table webhook_deliveries (
  message bigint not null references webhook_messages(n) on delete cascade,
  endpoint text not null references webhook_endpoints(id) on delete cascade,
  attempts bigint not null default 0, next_at bigint, lease_until bigint,
  delivered bigint, last_at bigint, last_status bigint, primary key (endpoint, message));
create index webhook_deliveries_next on webhook_deliveries(next_at, message)
  where next_at is not null;
create index webhook_deliveries_message on webhook_deliveries(message);

-- Numbers are given before they are committed, so a later one may be seen before an earlier one.
-- Who looks for what is new asks by transaction: `xid` (changes.cpp).
create table changes (
  n bigint generated always as identity primary key, subject text not null,
  xid xid8 not null default pg_current_xact_id());
create index changes_xid on changes(xid);
create function note_connection_change() returns trigger language plpgsql as $$ begin
  insert into changes (subject) values (case tg_op when 'DELETE' then '' else new.id end);
  return null; end $$;
create function note_grant_change() returns trigger language plpgsql as $$ begin
  insert into changes (subject) values (new.connection);
  return null; end $$;
create function note_api_key_change() returns trigger language plpgsql as $$ begin
  insert into changes (subject) values ('api_keys');
  return null; end $$;
create trigger connection_changed after update of seq or delete on connections
  for each row execute function note_connection_change();
create trigger grant_renewed after update of revision, access_expires on grants
  for each row execute function note_grant_change();
create trigger api_key_changed after insert or update or delete on api_keys
  for each row execute function note_api_key_change();
)sql"},
                                {5, R"sql(
drop table page_tokens;
create table page_tokens (
  hash text primary key, tenant text not null references tenants(id),
  connection text not null references connections(id), user_id text not null,
  user_name text not null, return_url text not null, key_id text not null,
  expires bigint not null, used bigint not null default 0);
create index page_tokens_expires on page_tokens(expires);
create index page_tokens_tenant on page_tokens(tenant);
create index page_tokens_connection on page_tokens(connection);
drop table page_sessions;
create table page_sessions (
  hash text primary key, id text not null unique, tenant text not null references tenants(id),
  connection text not null references connections(id),
  user_id text not null, user_name text not null, return_url text not null, key_id text not null,
  created bigint not null, seen bigint not null, expires bigint not null);
create index page_sessions_tenant on page_sessions(tenant, id);
create index page_sessions_connection on page_sessions(connection);
create index page_sessions_key on page_sessions(key_id);
create index page_sessions_seen on page_sessions(seen);
create index page_sessions_expires on page_sessions(expires);
create function note_page_session_end() returns trigger language plpgsql as $$ begin
  insert into changes (subject) values ('page_sessions');
  return null; end $$;
create trigger page_session_ended after delete on page_sessions
  for each row execute function note_page_session_end();

alter table events add column actor text not null default '';

alter table configurations add column actor text not null default '';

alter table jobs add column lane bigint not null default 0;
update jobs set lane = 1 where effect like '%"run_import"%';
drop index jobs_run_at;
create index jobs_lane on jobs(lane, run_at, id);

alter table webhook_messages drop constraint webhook_messages_connection_fkey;
alter table webhook_messages add column erase bigint not null default 0;
alter table webhook_messages add column deletion text;
create index webhook_messages_erase on webhook_messages(erase) where erase <> 0;

create table audit (
  n bigint generated always as identity primary key, at bigint not null, event text not null,
  actor text not null, tenant text, connection text, detail text not null);
create index audit_at on audit(at);
create index audit_tenant on audit(tenant) where tenant is not null;
create index audit_connection on audit(connection) where connection is not null;

alter table deletions add column pending bigint not null default 0;
alter table deletions add column revocation text not null default '';
create index deletions_pending on deletions(pending) where pending <> 0;

create table revocations (
  id text primary key, key_id text not null, wrapped bytea not null, sealed bytea not null,
  created bigint not null, attempts bigint not null default 0, next_at bigint not null,
  lease_until bigint, deletion text);
create index revocations_next_at on revocations(next_at);
create index revocations_deletion on revocations(deletion) where deletion is not null;

alter table grants add column refresh_hash text not null default '';
create index grants_refresh_hash on grants(refresh_hash) where refresh_hash <> '';
create index grants_realm_id on grants(realm_id);

create table master_keys (
  id text primary key, sealed bytea not null, added bigint not null);

create index attempts_expires on attempts(expires);
alter table connections add column thinned bigint not null default 0;
)sql"},
                                {6, R"sql(
alter table grants add column phase text not null default 'fresh';
alter table grants add column unsettled_before bigint not null default 0;
alter table grants add column renewable bigint not null default 1;
alter table grants add column previous bigint not null default 0;
alter table grants add column barred text not null default '';
alter table grants add column barred_since bigint;
alter table grants add column barred_looks bigint not null default 0;
alter table grants add column look_due bigint;
alter table grants add column client_id text not null default '';
update grants set phase = 'dying', fault = 'expired' where fault = 'no_refresh_token';
update grants set phase = 'dying' where fault in ('refused', 'reply_lost');
update grants set phase = 'held_back' where fault <> '' and phase = 'fresh';
update grants set fault_since = coalesce(fault_since, 0), retry_at = coalesce(retry_at, 0)
  where phase <> 'fresh';
update grants set renewable = (select count(*) from secrets s where
  s.connection = grants.connection and s.version = grants.version and s.field = 'refresh_token');
update grants set previous = (select count(*) from secrets s where
  s.connection = grants.connection and s.version = grants.version and
  s.field = 'previous_refresh_token');
create index grants_look_due on grants(look_due) where look_due is not null;
create index grants_fault_since on grants(fault_since) where fault_since is not null;
)sql"},
                                {7, R"sql(
-- The directory's records: what matching compares beside the name.
alter table directory add column fields text not null default '';
-- What was imported.
create table imported_new (
  connection text not null references connections(id), realm_id text not null,
  entity text not null, run bigint not null, id text not null, position bigint not null,
  body text not null, changed bigint not null default 0, gone bigint not null default 0,
  primary key (connection, realm_id, entity, run, id));
insert into imported_new (connection, realm_id, entity, run, id, position, body)
  select connection, realm_id, entity, max(run) over (partition by connection, realm_id, entity),
    id, position, body from imported;
drop table imported;
alter table imported_new rename to imported;
alter index imported_new_pkey rename to imported_pkey;
create index imported_changed on imported(connection, realm_id, entity, run, changed, id);
create table lists (
  connection text not null references connections(id), realm_id text not null,
  entity text not null, run bigint not null default 0, row_count bigint not null default 0,
  counted bigint not null default 0, read_at bigint not null default 0, changed_to bigint,
  set_aside bigint not null default 0, mended bigint not null default 0,
  staged bigint, staged_from bigint, staged_mended bigint not null default 0,
  staged_walk text not null default '',
  primary key (connection, realm_id, entity));
insert into lists (connection, realm_id, entity, run, row_count, counted)
  select connection, realm_id, entity, max(run), count(*), count(*) from imported
  group by connection, realm_id, entity;
create table set_aside (
  connection text not null references connections(id), realm_id text not null,
  entity text not null, run bigint not null, position bigint not null, id text not null,
  reason text not null, primary key (connection, realm_id, entity, run, position));
create table budgets (
  company text primary key, next_at bigint not null default 0, used text not null default '',
  paused_until bigint not null default 0, slow_until bigint not null default 0,
  seen bigint not null default 0);
create index budgets_seen on budgets(seen);
-- Records that the provider said have changed.
create table change_notices (
  connection text not null references connections(id), entity text not null, id text not null,
  at bigint not null, primary key (connection, entity, id));
create table change_reads (
  connection text primary key references connections(id), due_at bigint not null,
  attempts bigint not null default 0);
create index change_reads_due on change_reads(due_at);
create table refused_deliveries (
  reason text primary key, count bigint not null, at bigint not null);

-- Configuration -----------------------------------------------------------------------------------
create table choices (
  connection text not null references connections(id), realm_id text not null,
  section text not null, ours text not null, since bigint not null, until bigint,
  theirs text not null, name text not null, state text not null, actor text not null,
  primary key (connection, realm_id, section, ours, since));
create index choices_since on choices(connection, realm_id, since);
create index choices_until on choices(connection, realm_id, until) where until is not null;
create index choices_theirs on choices(connection, realm_id, section, theirs, until)
  where theirs <> '';

alter table configurations add column settings text not null default '';
alter table snapshots add column settings text not null default '';
create table lines (
  connection text not null references connections(id), realm_id text not null,
  section text not null, ours text not null, position bigint not null, name text not null,
  folded text not null, body text not null, there bigint not null default 1,
  fresh bigint not null default 0, state text not null default 'undecided',
  change text not null default '', conflict bigint not null default 0,
  primary key (connection, realm_id, section, ours));
create index lines_folded on lines(connection, realm_id, section, folded, ours);
create index lines_state on lines(connection, realm_id, section, state, there, folded, ours);
create index lines_change on lines(connection, realm_id, section, folded, ours, change)
  where change <> '';
create index lines_conflict on lines(connection, realm_id, section, folded, ours, conflict)
  where conflict = 1;
create index lines_gone on lines(connection, realm_id, section, folded, ours, there)
  where there = 0;
create index lines_fresh on lines(connection, realm_id, fresh, section, ours) where fresh = 1;
create table targets (
  connection text not null references connections(id), realm_id text not null,
  section text not null, id text not null, name text not null, folded text not null,
  active bigint not null, body text not null,
  primary key (connection, realm_id, section, id));
create index targets_folded on targets(connection, realm_id, section, folded, id);
create table suggestions (
  connection text not null references connections(id), realm_id text not null,
  section text not null, ours text not null, rank bigint not null, theirs text not null,
  confidence bigint not null, reasons text not null, applies bigint not null,
  primary key (connection, realm_id, section, ours, rank));
create index suggestions_theirs on suggestions(connection, realm_id, section, theirs)
  where rank = 0;
create table matching (
  connection text primary key references connections(id), asked bigint not null,
  run_at bigint not null);
create index matching_run_at on matching(run_at);
insert into matching (connection, asked, run_at) select id, 1, 0 from connections;
)sql"},
                                {8, R"sql(
-- Configuration.
alter table set_aside add column name text not null default '';
-- What is suggested is to be found anew: accounts of another kind are not, any more.
insert into matching (connection, asked, run_at) select id, 1, 0 from connections where true
  on conflict (connection) do update set asked = matching.asked + 1;
-- Grants.
alter table grants add column previous_hash text not null default '';
create index grants_previous_hash on grants(previous_hash) where previous_hash <> '';
alter table revocations add column client_id text not null default '';
-- Matching.
create table matched (
  connection text not null references connections(id), realm_id text not null,
  primary key (connection, realm_id));
insert into matched (connection, realm_id) select distinct connection, realm_id from lines;
-- Matching: the model of the last time that a section was matched as a whole (JSON), and how many
-- records changed since.
create table matching_models (
  connection text not null references connections(id), realm_id text not null,
  section text not null, changed bigint not null, model text not null,
  primary key (connection, realm_id, section));
)sql"},
                                {9, R"sql(
-- `fresh`: 1, it has come since the last save.
alter table targets add column fresh bigint not null default 0;
create index targets_fresh on targets(connection, realm_id, section) where fresh = 1;
)sql"}};

/// Texts are compared byte by byte, as on SQLite, and so that no index depends on the language of
/// the server's system.
std::string by_bytes(std::string sql) {
  constexpr std::string_view type = " text";
  constexpr std::string_view order = " collate \"C\"";
  for (auto at = sql.find(type); at != std::string::npos; at = sql.find(type, at)) {
    at += type.size();
    const bool whole = sql[at] == ' ' || sql[at] == ',' || sql[at] == ')';
    if (whole) sql.insert(at, order);
  }
  return sql;
}

}  // namespace

std::int64_t postgres_version(Database& db) {
  {
    auto known = db.query("select to_regclass('rekey_schema') is not null");
    if (known.step() && known.int64(0) == 0) return 0;
  }
  auto row = db.query("select version from rekey_schema");
  row.step();
  return row.int64(0);
}

void upgrade_postgres(Database& db, std::int64_t from) {
  for (const auto& each : upgrades) {
    if (each.version <= from) continue;
    db.run_script(by_bytes(each.sql).c_str());
    db.run("update rekey_schema set version = ?1", each.version);
  }
}

}  // namespace rekey::store
