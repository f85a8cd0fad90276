#include "native/http/client.hpp"

#include <curl/curl.h>
#include <sys/socket.h>

#include <algorithm>
#include <mutex>

#include "native/http/addresses.hpp"

namespace rekey::http {
namespace {

struct EasyDeleter {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
using Easy = std::unique_ptr<CURL, EasyDeleter>;

struct ListDeleter {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using List = std::unique_ptr<curl_slist, ListDeleter>;

// What the callbacks of one transfer fill in.
struct Transfer {
  ClientResponse response;
  std::size_t max_body = 0;
  bool too_large = false;
  bool head_complete = false;
};

std::size_t on_body(char* data, std::size_t size, std::size_t count, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  if (transfer.response.body.size() + size * count > transfer.max_body) {
    transfer.too_large = true;
    return 0;
  }
  transfer.response.body.append(data, size * count);
  return size * count;
}

std::size_t on_header(char* data, std::size_t size, std::size_t count, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  auto& headers = transfer.response.headers;
  std::string_view line(data, size * count);
  while (!line.empty() && (line.back() == '\r' || line.back() == '\n')) line.remove_suffix(1);
  const auto colon = line.find(':');
  if (line.starts_with("HTTP/")) {
    headers = {};  // an interim answer (100, 103) came before this one
    transfer.head_complete = false;
  } else if (line.empty()) {
    transfer.head_complete = true;
  } else if (colon != std::string_view::npos) {
    std::string_view value = line.substr(colon + 1);
    value.remove_prefix(std::min(value.find_first_not_of(" \t"), value.size()));
    headers.add(std::string(line.substr(0, colon)), std::string(value));
  }
  return size * count;
}

bool is_loopback(std::string_view host) {
  return host == "localhost" || host == "[::1]" || host.starts_with("127.");
}

// Decides when the name has become an address, so that a name cannot lead inside by changing.
curl_socket_t open_public_only(void*, curlsocktype, curl_sockaddr* address) {
  if (!is_public_address(&address->addr)) return CURL_SOCKET_BAD;
  return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

bool safe_to_repeat(const std::string& method) {
  return method == "GET" || method == "HEAD";
}

class CurlClient final : public Client {
 public:
  explicit CurlClient(ClientOptions options) : options_(std::move(options)) {}

  tl::expected<ClientResponse, TransportError> send(const ClientRequest& request) override;

 private:
  Easy borrow();
  void give_back(Easy handle);
  void prepare(CURL* handle, const ClientRequest& request, const std::string& host,
               Transfer& transfer, curl_slist* headers) const;

  const ClientOptions options_;
  std::mutex mutex_;
  std::vector<Easy> idle_;  // each with the connections it keeps alive
};

// Nothing when a field would write header lines of its own.
std::optional<List> header_list(const Headers& headers) {
  List list;
  const auto append = [&list](const std::string& line) {
    if (curl_slist* longer = curl_slist_append(list.get(), line.c_str())) {
      static_cast<void>(list.release());
      list.reset(longer);
    }
  };
  for (const auto& [name, value] : headers.all()) {
    if ((name + value).find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos)
      return std::nullopt;
    append(value.empty() ? name + ";" : name + ": " + value);  // ';' is curl's word for empty
  }
  // Waiting a second for leave to send a large body is of no use with the servers we talk to.
  append("Expect:");
  return list;
}

Easy CurlClient::borrow() {
  const std::lock_guard lock(mutex_);
  if (idle_.empty()) return Easy(curl_easy_init());
  Easy handle = std::move(idle_.back());
  idle_.pop_back();
  return handle;
}

void CurlClient::give_back(Easy handle) {
  curl_easy_reset(handle.get());  // keeps connections, forgets the request and its secrets
  const std::lock_guard lock(mutex_);
  idle_.push_back(std::move(handle));
}

void CurlClient::prepare(CURL* handle, const ClientRequest& request, const std::string& host,
                         Transfer& transfer, curl_slist* headers) const {
  const auto set = [handle](CURLoption option, auto value) {
    curl_easy_setopt(handle, option, value);
  };
  set(CURLOPT_URL, request.url.c_str());
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  set(CURLOPT_FOLLOWLOCATION, 0L);
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  if (!options_.ca_file.empty()) set(CURLOPT_CAINFO, options_.ca_file.c_str());
  if (is_loopback(host)) set(CURLOPT_PROXY, "");  // a proxy's own loopback is another machine
  if (options_.public_only) {
    const auto& inside = options_.private_hosts;
    set(CURLOPT_PROXY, "");
    if (std::find(inside.begin(), inside.end(), host) == inside.end())
      set(CURLOPT_OPENSOCKETFUNCTION, &open_public_only);
  }
  set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options_.connect_timeout_ms));
  set(CURLOPT_TIMEOUT_MS, static_cast<long>(options_.total_timeout_ms));
  set(CURLOPT_USERAGENT, options_.user_agent.c_str());
  set(CURLOPT_ACCEPT_ENCODING, "");
  set(CURLOPT_HTTPHEADER, headers);
  set(CURLOPT_WRITEFUNCTION, &on_body);
  set(CURLOPT_WRITEDATA, static_cast<void*>(&transfer));
  set(CURLOPT_HEADERFUNCTION, &on_header);
  set(CURLOPT_HEADERDATA, static_cast<void*>(&transfer));
  // curl sends a request again by itself when a kept connection turns out to be closed. For a
  // request that must not be made twice, such as spending a code, a new connection rules it out.
  if (!safe_to_repeat(request.method)) set(CURLOPT_FRESH_CONNECT, 1L);
  if (request.method == "HEAD") set(CURLOPT_NOBODY, 1L);
  if (!request.body.empty() || request.method == "POST" || request.method == "PUT") {
    set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
    set(CURLOPT_POSTFIELDS, request.body.c_str());
  }
  set(CURLOPT_CUSTOMREQUEST, request.method.c_str());
}

tl::expected<ClientResponse, TransportError> CurlClient::send(const ClientRequest& request) {
  const auto failed = [](std::string what, bool maybe_done) {
    return tl::unexpected<TransportError>({std::move(what), maybe_done});
  };
  const std::string host = host_of(request.url);
  const auto headers = header_list(request.headers);
  if (!headers) return failed("A header field of the request holds a line break.", false);
  Easy handle = borrow();
  if (!handle) return failed("There is no memory for a request.", false);

  Transfer transfer;
  transfer.max_body = options_.max_body;
  prepare(handle.get(), request, host, transfer, headers->get());
  const CURLcode code = curl_easy_perform(handle.get());
  long status = 0;
  curl_off_t sending_began = 0;
  curl_easy_getinfo(handle.get(), CURLINFO_RESPONSE_CODE, &status);
  curl_easy_getinfo(handle.get(), CURLINFO_PRETRANSFER_TIME_T, &sending_began);
  give_back(std::move(handle));

  if (transfer.too_large)
    return failed(host + " answered more than " + std::to_string(options_.max_body) + " bytes.",
                  true);
  // curl says when a request began to be sent; before that, nobody can have acted upon it.
  if (code != CURLE_OK)
    return failed("No answer from " + host + ": " + curl_easy_strerror(code) + ".",
                  sending_began > 0);
  // curl takes a connection that is cut within the head for the end of an answer without a body.
  if (!transfer.head_complete) return failed("The answer from " + host + " was cut off.", true);
  transfer.response.status = static_cast<int>(status);
  return std::move(transfer.response);
}

}  // namespace

// Paths and queries may hold what nobody may see.
std::string host_of(const std::string& url) {
  std::string host = "the server";
  CURLU* parts = curl_url();
  char* text = nullptr;
  if (curl_url_set(parts, CURLUPART_URL, url.c_str(), 0) == CURLUE_OK &&
      curl_url_get(parts, CURLUPART_HOST, &text, 0) == CURLUE_OK)
    host = text;
  curl_free(text);
  curl_url_cleanup(parts);
  return host;
}

std::unique_ptr<Client> make_client(ClientOptions options) {
  static const bool ready = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
  static_cast<void>(ready);
  return std::make_unique<CurlClient>(std::move(options));
}

}  // namespace rekey::http
