#include "native/work/key_keeper.hpp"

#include <utility>

#include "native/log.hpp"
#include "native/store/master_keys.hpp"
#include "native/vault/blob.hpp"
#include "native/words/words.hpp"

namespace rekey::work {

namespace {

constexpr int most_keys_a_pass = 200;
constexpr Millis look_at_keys_every = std::chrono::minutes{10};
// While something is wrong with the keys: when it is looked for again.
constexpr Millis check_faults_every = std::chrono::seconds{2};
constexpr Millis look_at_others_every = std::chrono::milliseconds{500};

struct Row {
  Owner owner;
  vault::WrappedKey key;
};

struct Rewrapped {
  std::string of;
  store::Blob before, after;
};

// Data keys of connections, those of webhooks' secrets, which belong to the tenant "webhooks", and
// those of tokens that outlived their connection, which belong to the tenant "revocations".
constexpr const char* every_key =
    "(select c.tenant, d.connection, d.id, d.wrapped from data_keys d "
    "join connections c on c.id = d.connection union all "
    "select 'webhooks', id, key_id, wrapped from webhook_endpoints union all "
    "select 'revocations', id, key_id, wrapped from revocations) k";

}  // namespace

bool KeyKeeper::pass() {
  const auto& secrets = driver_.secrets();
  const auto changed = secrets.vault().notice_new_keys();
  const auto now = driver_.now();
  const bool others = others_known(now) || secrets.take_doubt();
  const bool faulty = !secrets.key_fault().empty();
  const bool due = now >= look_again_ || look_again_ - now > look_at_keys_every;
  const bool again = faulty && (now >= check_again_ || check_again_ - now > check_faults_every);
  if (!changed) {
    secrets.set_key_fault(words::say("keys.unreadable", {{"fault", changed.error().hint}}));
  } else if (*changed || others || due || again) {
    check();
    check_again_ = now + check_faults_every;
  }
  if (changed.value_or(false) || due) look_ = true;
  if (!look_ || !may_seal_) return false;
  look_again_ = now + look_at_keys_every;
  look_ = rewrap_some() == most_keys_a_pass;
  return look_;
}

bool KeyKeeper::others_known(Instant now) {
  if (now > looked_ && now - looked_ < look_at_others_every) return false;
  looked_ = now;
  std::vector<std::string> ids;
  auto db = driver_.databases().borrow();
  for (const auto& each : store::known_master_keys(*db)) ids.push_back(each.id);
  return std::exchange(known_, ids) != ids;
}

void KeyKeeper::check() {
  const auto& secrets = driver_.secrets();
  const auto& vault = secrets.vault();
  const auto before = vault.master_key_ids();
  const auto offered = vault.offered_key_ids();
  auto db = driver_.databases().borrow();
  const auto fault = check_keys(*db, vault, offered, driver_.now());
  tell_audit(fault, offered);
  if (offered != before && (!fault || (fault->may_seal && fault_of_keys(*db, vault, before)))) {
    vault.use_offered_keys();
    log::info("keys.changed", {{"in_use", offered.front()}});
  }
  const bool kept = fault && offered != vault.master_key_ids();
  may_seal_ = !fault || fault->may_seal || kept;
  secrets.set_key_fault(!fault ? ""
                        : kept ? words::say("keys.goes_on", {{"fault", fault->sentence}})
                               : fault->sentence);
}

void KeyKeeper::tell_audit(const std::optional<KeyFault>& fault,
                           const std::vector<std::string>& given) {
  const std::string reason = fault ? fault->reason : "";
  // The start has looked at the first ones.
  const bool others = std::exchange(given_, given) != given;
  const bool another = std::exchange(reason_, reason) != reason;
  if (!fault || !(others || another)) return;
  note_refused_keys(driver_.databases(), *fault, given,
                    others ? wire::by_operator() : wire::by_time(), driver_.now());
}

int KeyKeeper::rewrap_some() {
  const auto& vault = driver_.secrets().vault();
  const auto header = vault::blob_header(vault.master_key_ids().front());
  auto db = driver_.databases().borrow();
  std::vector<Row> rows;
  {
    auto row =
        db->query(std::string("select k.tenant, k.connection, k.id, k.wrapped from ") + every_key +
                      " where substr(k.wrapped, 1, cast(?1 as integer)) <> ?2 limit ?3",
                  std::int64_t(header.size()), store::Blob{header}, std::int64_t{most_keys_a_pass});
    while (row.step()) rows.push_back({{row.text(0), row.text(1)}, {row.text(2), row.blob(3)}});
  }
  if (rows.empty()) return 0;
  std::vector<Rewrapped> again;
  for (const auto& [owner, key] : rows) {
    auto wrapped = vault.rewrap(key, owner.tenant, owner.connection);
    if (wrapped)
      again.push_back({owner.connection, {key.blob}, {std::move(wrapped->blob)}});
    else
      log::error("keys.not_moved",
                 {{"connection", owner.connection}, {"what", wrapped.error().hint}});
  }
  const auto moved = store::in_transaction(*db, [&] {
    std::int64_t count = 0;
    for (const auto& [of, before, after] : again) {
      count += db->run("update data_keys set wrapped = ?3 where connection = ?1 and wrapped = ?2",
                       of, before, after);
      count += db->run("update webhook_endpoints set wrapped = ?3 where id = ?1 and wrapped = ?2",
                       of, before, after);
      count += db->run("update revocations set wrapped = ?3 where id = ?1 and wrapped = ?2", of,
                       before, after);
    }
    return count;
  });
  log::info("keys.moved", {{"data_keys", moved}});
  return static_cast<int>(moved);
}

}  // namespace rekey::work
