// "Abacus Books": an accounting system that shares nothing with QuickBooks Online, to see that one
// more is a folder, a provider file and a wording file. Here they are, and the provider behind it.
#pragma once

#include "core/text/catalogue.hpp"
#include "core/text/english.hpp"
#include "native/accounting/integration.hpp"
#include "native/http/ask.hpp"
#include "native/vault/random.hpp"
#include "tests/native/work_harness.hpp"

namespace rekey::abacus {

using accounting::Read;
using imports::Entity;
using oauth::Meaning;
using wire::Json;

// Its folder --------------------------------------------------------------------------------------

/// Books are read two entries at a time. Every answer has status 200; a fault is the member "why".
class AbacusBooks : public accounting::System {
 public:
  AbacusBooks(std::string base, std::shared_ptr<http::Client> client)
      : base_(std::move(base)), client_(std::move(client)) {}

  async::Task<Read<connect::Company>> company(std::string, Secret token) const override {
    const auto answer = co_await get("/firm", std::move(token));
    if (!answer) co_return tl::unexpected(answer.error());
    const auto& firm = answer->at("firm");
    co_return connect::Company{wire::text_at(firm, "no"), wire::text_at(firm, "title")};
  }
  async::Task<Read<accounting::Page>> page(Entity entity, std::string firm, Secret token,
                                           std::int64_t start, std::int64_t most) const override {
    const auto answer = co_await book(entity, firm, std::move(token), start - 1, most);
    if (!answer) co_return tl::unexpected(answer.error());
    accounting::Page out;
    for (const auto& each : answer->at("entries"))
      out.rows.push_back({wire::text_at(each, "key"), wire::dump(each)});
    co_return out;
  }
  std::int64_t most_rows() const override { return 2; }
  async::Task<Read<std::int64_t>> count(Entity entity, std::string firm,
                                        Secret token) const override {
    const auto answer = co_await book(entity, firm, std::move(token), 0, 0);
    if (!answer) co_return tl::unexpected(answer.error());
    co_return answer->at("of").get<std::int64_t>();
  }
  mapping::Record record_of(Entity, const Json& row, const accounting::SmallLists&) const override {
    return {wire::text_at(row, "key"), wire::text_at(row, "label"), wire::text_at(row, "memo"),
            !row.at("retired").get<bool>()};
  }

 private:
  async::Task<Read<Json>> book(Entity entity, const std::string& firm, Secret token,
                               std::int64_t skip, std::int64_t take) const {
    return get("/" + firm + "/" + name_of(entity) + "?skip=" + std::to_string(skip) +
                   "&take=" + std::to_string(take),
               std::move(token));
  }
  static std::string name_of(Entity entity) {
    if (entity == Entity::account) return "ledger";
    if (entity == Entity::tax_code) return "levies";
    if (entity == Entity::customer) return "clients";
    return entity == Entity::vendor ? "sellers" : "no-book";
  }
  async::Task<Read<Json>> get(std::string path, Secret token) const {
    http::ClientRequest request;
    request.url = base_ + path;
    request.headers = {{"X-Abacus-Token", token.reveal()}};
    const auto response = co_await http::ask(*client_, std::move(request));
    auto answer = response ? wire::parse(response->body, "It") : fail(Code::unreachable, "");
    const auto why = answer ? wire::text_at(*answer, "why") : "outage";
    if (why.empty()) co_return std::move(*answer);
    co_return tl::unexpected(oauth::Failure{why == "token_dead" ? Meaning::stale_token
                                            : why == "not_kept" ? Meaning::list_refused
                                                                : Meaning::unavailable});
  }

  std::string base_;
  std::shared_ptr<http::Client> client_;
};

inline const accounting::Integration known[] = {
    {"abacus-books",
     {},
     [](oauth::Provider&) { return Result<void>(); },
     [](const oauth::Provider& provider, std::shared_ptr<http::Client> client, const auto&) {
       return std::make_shared<const AbacusBooks>(provider.accounting_base, std::move(client));
     }}};

// Its provider file, and its wording --------------------------------------------------------------

inline constexpr const char* provider_file = R"({"integration": "abacus-books",
  "discovery": "https://id.abacus.example/.well-known/oauth-authorization-server",
  "accounting_base": "https://books.abacus.example", "company_in_callback": false,
  "scopes": ["books:read"], "token_headers": [{"name": "X-Abacus-Edition", "value": "3"}]})";

inline text::Catalogue wording() {
  std::string text(text::english_json());
  constexpr std::string_view other = "QuickBooks Online";
  for (auto at = text.find(other); at != text.npos; at = text.find(other, at))
    text.replace(at, other.size(), "Abacus Books");
  return text::Catalogue::read(text).value();
}

// The provider itself -----------------------------------------------------------------------------

/// One grant at a time, whose tokens are numbered.
struct AbacusServer {
  std::string challenge, revoked;
  int number = 0;
  bool access_is_dead = false;

  work::ScriptedClient::Answer answer(const http::ClientRequest& request) {
    const auto is = [&](const char* url) { return request.url.rfind(url, 0) == 0; };
    if (is("https://id.abacus.example/.well-known/"))
      return ok({{"issuer", "https://id.abacus.example"},
                 {"authorization_endpoint", "https://id.abacus.example/authorize"},
                 {"token_endpoint", "https://id.abacus.example/token"},
                 {"revocation_endpoint", "https://id.abacus.example/revoke"}});
    const auto form = http::parse_form(request.body);
    if (is("https://id.abacus.example/token")) return token(request, form);
    if (is("https://id.abacus.example/revoke")) {
      revoked = http::find(form, "token").value_or("");
      return ok({});
    }
    if (access_is_dead || request.headers.get("X-Abacus-Token") != name("access"))
      return ok({{"why", "token_dead"}});
    if (is("https://books.abacus.example/firm"))
      return ok({{"firm", {{"no", "F-7"}, {"title", "Kestrel Joinery"}}}});
    return book(request.url);
  }
  std::string name(const char* kind) const { return kind + std::to_string(number); }

 private:
  static work::ScriptedClient::Answer ok(const Json& body) {
    return work::ScriptedClient::json(200, body);
  }
  work::ScriptedClient::Answer token(const http::ClientRequest& request, const auto& form) {
    const bool first = http::find(form, "grant_type") == "authorization_code";
    const auto verifier = http::find(form, "code_verifier").value_or("");
    const bool good = first ? http::find(form, "code") == "the-code" &&
                                  vault::sha256_base64url(verifier) == challenge
                            : http::find(form, "refresh_token") == name("refresh");
    if (!good || request.headers.get("X-Abacus-Edition") != "3")
      return work::ScriptedClient::json(400, {{"error", "invalid_grant"}});
    ++number;
    access_is_dead = false;
    return work::ScriptedClient::tokens(name("access"), name("refresh"));
  }
  static work::ScriptedClient::Answer book(const std::string& url) {
    const Json entries = {
        {{"key", "k1"}, {"label", "Timber"}, {"memo", "5100"}, {"retired", false}},
        {{"key", "k2"}, {"label", "Varnish"}, {"memo", "5200"}, {"retired", false}},
        {{"key", "k3"}, {"label", "Glue"}, {"memo", "5300"}, {"retired", true}}};
    if (url.find("no-book") != url.npos) return ok({{"why", "not_kept"}});
    const auto query = http::parse_form(url.substr(url.find('?') + 1));
    const auto skip = std::stoul(*http::find(query, "skip")),
               take = std::stoul(*http::find(query, "take"));
    if (take > 2) return ok({{"why", "too_many"}});
    Json page = Json::array();
    for (auto i = skip; i < entries.size() && i < skip + take; ++i) page.push_back(entries[i]);
    return ok({{"of", entries.size()}, {"entries", page}});
  }
};

}  // namespace rekey::abacus
