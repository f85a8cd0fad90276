#include "native/intuit/provider_source.hpp"

#include <fstream>
#include <sstream>

namespace rekey::intuit {

Result<oauth::Provider> load_provider(const std::string& name_or_path, http::Client& client) {
  if (name_or_path.rfind("intuit-", 0) == 0) return oauth::built_in_provider(name_or_path);
  std::ifstream in(name_or_path, std::ios::binary);
  if (!in)
    return fail(Code::misconfigured, "The provider file " + name_or_path +
                                         " cannot be read. Give intuit-production, "
                                         "intuit-sandbox or the path of a provider file.");
  std::ostringstream text;
  text << in.rdbuf();
  const auto json = wire::parse(text.str(), "The provider file " + name_or_path);
  if (!json) return tl::unexpected(Error{Code::misconfigured, json.error().hint, {}});
  auto file = oauth::read_provider_file(*json);
  if (!file) return tl::unexpected(file.error());
  if (file->discovery.empty()) return std::move(file->provider);

  http::ClientRequest request;
  request.url = file->discovery;
  request.headers = {{"Accept", "application/json"}};
  const auto response = client.send(request);
  if (!response || response->status != 200)
    return fail(Code::unreachable,
                "The provider's discovery document at " + file->discovery +
                    " could not be read. Check the address and the network, then start again.",
                response ? "status " + std::to_string(response->status) : response.error().what);
  const auto document = wire::parse(response->body, "The discovery document");
  if (!document) return tl::unexpected(Error{Code::unreadable, document.error().hint, {}});
  // What the provider file states is put in first for the check, and last because it decides.
  wire::Json start = wire::write(oauth::Provider{});
  start.update(file->overrides);
  auto base = wire::read_as<oauth::Provider>(start, "The provider file");
  if (!base) return tl::unexpected(Error{Code::misconfigured, base.error().hint, {}});
  auto discovered = oauth::read_discovery(std::move(*base), *document);
  if (!discovered) return discovered;
  return oauth::override_provider(std::move(*discovered), file->overrides);
}

}  // namespace rekey::intuit
