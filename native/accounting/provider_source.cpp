#include "native/accounting/provider_source.hpp"

#include <fstream>
#include <sstream>

#include "core/text/catalogue.hpp"

namespace rekey::accounting {

namespace {

const BuiltIn* find_built_in(const std::string& name, Integrations known) {
  for (const auto& integration : known)
    for (const auto& each : integration.built_in)
      if (each.name == name) return &each;
  return nullptr;
}

Result<oauth::ProviderFile> read_file(const std::string& path, Integrations known) {
  std::ifstream in(path, std::ios::binary);
  if (!in) {
    std::string names;
    for (const auto& integration : known)
      for (const auto& each : integration.built_in)
        names += (names.empty() ? "" : ", ") + each.name;
    return fail(Code::misconfigured,
                text::fill("The provider file {path} cannot be read. Give the path of a provider "
                           "file, or the name of a provider that is built in: {names}.",
                           {{"path", path}, {"names", names}}));
  }
  std::ostringstream body;
  body << in.rdbuf();
  const auto json =
      wire::parse(body.str(), text::fill("The provider file {path}", {{"path", path}}));
  if (!json) return tl::unexpected(Error{Code::misconfigured, json.error().hint, {}});
  return oauth::read_provider_file(*json);
}

Result<oauth::Provider> discover(const oauth::ProviderFile& file, http::Client& client) {
  http::ClientRequest request;
  request.url = file.discovery;
  request.headers = {{"Accept", "application/json"}};
  const auto response = client.send(request);
  if (!response || response->status != 200)
    return fail(Code::unreachable,
                text::fill("The provider's discovery document at {address} could not be read. "
                           "Check the address and the network, then start again.",
                           {{"address", file.discovery}}),
                response ? "status " + std::to_string(response->status) : response.error().what);
  const auto document = wire::parse(response->body, "The discovery document");
  if (!document) return tl::unexpected(Error{Code::unreadable, document.error().hint, {}});
  // What the provider file states is put in first for the check, and last because it decides.
  wire::Json start = wire::write(oauth::Provider{});
  start.update(file.overrides);
  auto base = wire::read_as<oauth::Provider>(start, "The provider file");
  if (!base) return tl::unexpected(Error{Code::misconfigured, base.error().hint, {}});
  auto discovered = oauth::read_discovery(std::move(*base), *document);
  if (!discovered) return discovered;
  return oauth::override_provider(std::move(*discovered), file.overrides);
}

}  // namespace

Result<oauth::Provider> load_provider(const std::string& name_or_path, Integrations known,
                                      http::Client& client) {
  if (const auto* built_in = find_built_in(name_or_path, known)) return built_in->provider;
  auto file = read_file(name_or_path, known);
  if (!file) return tl::unexpected(file.error());
  Result<oauth::Provider> provider = file->provider;
  if (!file->discovery.empty()) provider = discover(*file, client);
  if (!provider) return provider;
  const auto integration = find_integration(known, provider->integration);
  if (!integration) return tl::unexpected(integration.error());
  provider->integration = (*integration)->id;
  if (const auto complete = (*integration)->complete(*provider); !complete)
    return tl::unexpected(complete.error());
  return provider;
}

Result<std::string> integration_of(const std::string& name_or_path, Integrations known) {
  if (const auto* built_in = find_built_in(name_or_path, known))
    return built_in->provider.integration;
  const auto file = read_file(name_or_path, known);
  if (!file) return tl::unexpected(file.error());
  const auto found = find_integration(known, wire::text_at(file->overrides, "integration"));
  if (!found) return tl::unexpected(found.error());
  return (*found)->id;
}

bool is_live(const std::string& name_or_path, Integrations known) {
  const auto* built_in = find_built_in(name_or_path, known);
  return built_in && built_in->live;
}

}  // namespace rekey::accounting
