#include "native/vault/vault.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <mutex>
#include <stdexcept>
#include <tuple>
#include <utility>

#include "core/text/catalogue.hpp"
#include "native/vault/blob.hpp"
#include "native/vault/master_key.hpp"
#include "native/vault/random.hpp"

namespace rekey::vault {
namespace {

std::string key_place(const std::string& tenant, const std::string& connection,
                      const std::string& key_id) {
  return Binding("rekey data key").add(tenant).add(connection).add(key_id).bytes();
}

std::string value_place(const Place& place) {
  return Binding("rekey value")
      .add(place.tenant)
      .add(place.connection)
      .add(place.field)
      .add(std::to_string(place.version))
      .bytes();
}

/// What changes when a file is changed or replaced.
using FileStamp = std::tuple<ino_t, off_t, time_t, long, time_t, long>;

FileStamp stamp_of(const std::string& path) {
  struct stat status {};
  if (path.empty() || ::stat(path.c_str(), &status) != 0) return {};
  return {status.st_ino,          status.st_size,        status.st_mtim.tv_sec,
          status.st_mtim.tv_nsec, status.st_ctim.tv_sec, status.st_ctim.tv_nsec};
}

Result<std::vector<NamedKey>> read_master_keys(const MasterKeySource& source) {
  std::vector<NamedKey> keys;
  const auto add = [&keys](const Result<Secret>& text, const std::string& origin) -> Result<void> {
    if (!text) return tl::unexpected(text.error());
    auto found = parse_master_keys(*text, origin);
    if (!found) return tl::unexpected(found.error());
    for (NamedKey& key : *found) keys.push_back(std::move(key));
    return {};
  };
  Result<void> added;
  if (!source.file.empty())
    added = add(read_key_file(source.file),
                text::fill("the master key file {path}", {{"path", source.file}}));
  if (added && !source.keys.empty()) added = add(source.keys, "REKEY_MASTER_KEY");
  if (added && !source.command.empty())
    added = add(read_key_command(source.command), "the output of the master key command");
  if (!added) return tl::unexpected(added.error());
  if (keys.empty())
    return fail(Code::misconfigured,
                "No master key is given, and nothing is stored without one. Set master-key-file, "
                "master-key-command or the environment variable REKEY_MASTER_KEY.");
  return keys;
}

template <class Keys>
auto find_key(const Keys& keys, std::string_view id) {
  return std::find_if(keys->begin(), keys->end(), [&](const auto& each) { return id == each.id; });
}

template <class Keys>
std::vector<std::string> ids_of(const Keys& keys) {
  std::vector<std::string> out;
  for (const auto& each : *keys) out.push_back(each.id);
  return out;
}

std::string proof_place(const std::string& master_key_id) {
  return Binding("rekey master key proof").add(master_key_id).bytes();
}

constexpr std::string_view proof_text = "This master key is the right one.";

}  // namespace

struct Vault::MasterKey : NamedKey {};

struct Vault::Held {
  MasterKeySource source;
  std::mutex mutex;
  FileStamp stamp;
  Result<void> read;  ///< the newest try
  Keys keys;          ///< in use
  Keys offered;       ///< what was read last
};

Vault::Vault(std::unique_ptr<Held> held) : held_(std::move(held)) {}
Vault::Vault(Vault&&) noexcept = default;
Vault& Vault::operator=(Vault&&) noexcept = default;
Vault::~Vault() = default;

Vault::Keys Vault::keys() const {
  const std::lock_guard lock(held_->mutex);
  return held_->keys;
}

Result<Vault> Vault::open(const MasterKeySource& source) {
  auto held = std::make_unique<Held>();
  held->source = source;
  // Before it is read: a change in between is noticed later.
  held->stamp = stamp_of(source.file);
  auto read = read_master_keys(source);
  if (!read) return tl::unexpected(read.error());
  std::vector<MasterKey> keys;
  for (NamedKey& key : *read) keys.push_back({std::move(key)});
  held->keys = std::make_shared<const std::vector<MasterKey>>(std::move(keys));
  held->offered = held->keys;
  return Vault(std::move(held));
}

Vault::Keys Vault::offered() const {
  const std::lock_guard lock(held_->mutex);
  return held_->offered;
}

Result<bool> Vault::notice_new_keys() const {
  if (held_->source.file.empty()) return false;
  const std::lock_guard lock(held_->mutex);
  const auto stamp = stamp_of(held_->source.file);
  if (stamp == held_->stamp) return held_->read.map([] { return false; });
  held_->stamp = stamp;
  auto read = read_master_keys(held_->source);
  held_->read = read ? Result<void>{} : tl::unexpected(read.error());
  if (!read) return tl::unexpected(read.error());
  std::vector<MasterKey> keys;
  for (NamedKey& key : *read) keys.push_back({std::move(key)});
  const auto before = std::exchange(
      held_->offered, std::make_shared<const std::vector<MasterKey>>(std::move(keys)));
  return ids_of(before) != ids_of(held_->offered);
}

void Vault::use_offered_keys() const {
  const std::lock_guard lock(held_->mutex);
  held_->keys = held_->offered;
}

std::vector<std::string> Vault::master_key_ids() const {
  return ids_of(keys());
}

std::vector<std::string> Vault::offered_key_ids() const {
  return ids_of(offered());
}

std::string Vault::proof_of(const std::string& master_key_id) const {
  for (const auto& all : {keys(), offered()})
    if (const auto found = find_key(all, master_key_id); found != all->end())
      return seal_blob(found->key, found->id, proof_place(found->id),
                       Secret(std::string(proof_text)));
  throw std::out_of_range(text::fill("there is no master key {id}", {{"id", master_key_id}}));
}

bool Vault::is_proof(const std::string& master_key_id, std::string_view blob) const {
  for (const auto& all : {keys(), offered()})
    if (const auto found = find_key(all, master_key_id); found != all->end())
      if (open_blob(found->key, proof_place(found->id), blob)) return true;
  return false;
}

Result<WrappedKey> Vault::new_data_key(const std::string& tenant,
                                       const std::string& connection) const {
  const Secret key(random_bytes(key_bytes));
  const std::string id = random_token(9);
  const auto all = keys();
  const MasterKey& master = all->front();
  return WrappedKey{id, seal_blob(master.key, master.id, key_place(tenant, connection, id), key)};
}

Result<WrappedKey> Vault::rewrap(const WrappedKey& key, const std::string& tenant,
                                 const std::string& connection) const {
  const auto data_key = unwrap(key, tenant, connection);
  if (!data_key) return tl::unexpected(data_key.error());
  const auto all = keys();
  const MasterKey& master = all->front();
  return WrappedKey{
      key.id, seal_blob(master.key, master.id, key_place(tenant, connection, key.id), *data_key)};
}

bool Vault::is_current(const WrappedKey& key) const {
  return blob_key_id(key.blob) == keys()->front().id;
}

Result<std::string> Vault::seal(const WrappedKey& key, const Place& place,
                                const Secret& secret) const {
  const auto data_key = unwrap(key, place.tenant, place.connection);
  if (!data_key) return tl::unexpected(data_key.error());
  return seal_blob(*data_key, key.id, value_place(place), secret);
}

Result<Secret> Vault::unseal(const WrappedKey& key, const Place& place,
                             std::string_view blob) const {
  const auto data_key = unwrap(key, place.tenant, place.connection);
  if (!data_key) return tl::unexpected(data_key.error());
  if (blob_key_id(blob) == key.id)
    if (auto secret = open_blob(*data_key, value_place(place), blob)) return std::move(*secret);
  return fail(Code::internal,
              "A stored credential does not open: its bytes, or the row they are in, are not what "
              "was stored. Restore the database from a backup, or connect again.",
              "field " + place.field + " version " + std::to_string(place.version));
}

Result<Secret> Vault::unwrap(const WrappedKey& key, const std::string& tenant,
                             const std::string& connection) const {
  const auto master_id = blob_key_id(key.blob);
  auto all = keys();
  auto master = find_key(all, master_id.value_or(""));
  // Another process may use a key already that was put into the file a moment ago.
  if (master_id && master == all->end()) {
    (void)notice_new_keys();
    all = offered();
    master = find_key(all, *master_id);
  }
  if (master_id && master == all->end())
    return fail(Code::misconfigured,
                "The stored credentials are sealed under a master key that this server was not "
                "given. Start it with the master key that was used before.",
                text::fill("master key {id}", {{"id", std::string(*master_id)}}));
  if (master_id)
    if (auto data_key = open_blob(master->key, key_place(tenant, connection, key.id), key.blob))
      return std::move(*data_key);
  return fail(Code::internal,
              "A stored key does not open: its bytes, or the row they are in, are not what was "
              "stored. Restore the database from a backup, or connect again.",
              text::fill("data key {id}", {{"id", key.id}}));
}

}  // namespace rekey::vault
