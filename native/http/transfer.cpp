#include "native/http/transfer.hpp"

#include <sys/socket.h>

#include <algorithm>

#include "core/text/catalogue.hpp"
#include "native/http/addresses.hpp"

namespace rekey::http {
namespace {

// Ephemeral keys and authenticated encryption only, as our own server has it; TLS 1.3 knows nothing
// else.
constexpr const char* ciphers_below_tls13 = "ECDHE+AESGCM:ECDHE+CHACHA20";

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

// curl says when a request began to be sent; before that, it cannot have been acted upon.
bool maybe_sent(CURL* handle) {
  curl_off_t sending_began = 0;
  curl_easy_getinfo(handle, CURLINFO_PRETRANSFER_TIME_T, &sending_began);
  return sending_began > 0;
}

}  // namespace

std::size_t Transfer::on_body(char* data, std::size_t size, std::size_t count, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  auto& body = transfer.response_.body;
  if (body.size() + size * count > transfer.options_.max_body) {
    transfer.too_large_ = true;
    return 0;
  }
  body.append(data, size * count);
  return size * count;
}

std::size_t Transfer::on_header(char* data, std::size_t size, std::size_t count, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  auto& headers = transfer.response_.headers;
  std::string_view line(data, size * count);
  while (!line.empty() && (line.back() == '\r' || line.back() == '\n')) line.remove_suffix(1);
  const auto colon = line.find(':');
  if (line.starts_with("HTTP/")) {
    headers = {};  // an interim answer (100, 103) came before this one
    transfer.head_complete_ = false;
  } else if (line.empty()) {
    transfer.head_complete_ = true;
  } else if (colon != std::string_view::npos) {
    std::string_view value = line.substr(colon + 1);
    value.remove_prefix(std::min(value.find_first_not_of(" \t"), value.size()));
    headers.add(std::string(line.substr(0, colon)), std::string(value));
  }
  return size * count;
}

Transfer::Transfer(ClientRequest request, const ClientOptions& options)
    : options_(options), request_(std::move(request)), host_(host_of(request_.url)) {
  for (const auto& [name, value] : request_.headers.all()) {
    bad_header_ = bad_header_ ||
                  (name + value).find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos;
    append_header(value.empty() ? name + ";" : name + ": " + value);  // ';': curl's word for empty
  }
  // Waiting a second for leave to send a large body is of no use with the servers we talk to.
  append_header("Expect:");
}

void Transfer::append_header(const std::string& line) {
  if (curl_slist* longer = curl_slist_append(headers_.get(), line.c_str())) {
    static_cast<void>(headers_.release());
    headers_.reset(longer);
  }
}

std::optional<TransportError> Transfer::objection() const {
  if (!bad_header_) return {};
  return TransportError{"A header field of the request holds a line break.", false};
}

void Transfer::prepare(CURL* handle) {
  const auto set = [handle](CURLoption option, auto value) {
    curl_easy_setopt(handle, option, value);
  };
  set(CURLOPT_URL, request_.url.c_str());
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  set(CURLOPT_FOLLOWLOCATION, 0L);
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  set(CURLOPT_SSL_CIPHER_LIST, ciphers_below_tls13);
  if (!options_.ca_file.empty()) set(CURLOPT_CAINFO, options_.ca_file.c_str());
  if (is_loopback(host_)) set(CURLOPT_PROXY, "");  // a proxy's own loopback is another machine
  if (options_.public_only) {
    const auto& inside = options_.private_hosts;
    set(CURLOPT_PROXY, "");
    if (std::find(inside.begin(), inside.end(), host_) == inside.end())
      set(CURLOPT_OPENSOCKETFUNCTION, &open_public_only);
  }
  set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options_.connect_timeout_ms));
  const int own = request_.most_ms > 0 ? request_.most_ms : options_.total_timeout_ms;
  set(CURLOPT_TIMEOUT_MS, static_cast<long>(std::min(own, options_.total_timeout_ms)));
  set(CURLOPT_USERAGENT, options_.user_agent.c_str());
  set(CURLOPT_ACCEPT_ENCODING, "");
  set(CURLOPT_HTTPHEADER, headers_.get());
  set(CURLOPT_WRITEFUNCTION, &Transfer::on_body);
  set(CURLOPT_WRITEDATA, static_cast<void*>(this));
  set(CURLOPT_HEADERFUNCTION, &Transfer::on_header);
  set(CURLOPT_HEADERDATA, static_cast<void*>(this));
  // curl sends a request again by itself when a kept connection turns out to be closed. For a
  // request that must not be made twice, such as spending a code, a new connection rules it out.
  if (!safe_to_repeat(request_.method)) set(CURLOPT_FRESH_CONNECT, 1L);
  if (request_.method == "HEAD") set(CURLOPT_NOBODY, 1L);
  if (!request_.body.empty() || request_.method == "POST" || request_.method == "PUT") {
    set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.body.size()));
    set(CURLOPT_POSTFIELDS, request_.body.c_str());
  }
  set(CURLOPT_CUSTOMREQUEST, request_.method.c_str());
}

Answer Transfer::outcome(CURL* handle, CURLcode code) {
  const auto failed = [](std::string what, bool maybe_done) {
    return tl::unexpected<TransportError>({std::move(what), maybe_done});
  };
  if (too_large_)
    return failed(text::fill("{host} answered more than {most} bytes.",
                             {{"host", host_}, {"most", std::to_string(options_.max_body)}}),
                  true);
  if (code != CURLE_OK)
    return failed(text::fill("No answer from {host}: {why}.",
                             {{"host", host_}, {"why", curl_easy_strerror(code)}}),
                  maybe_sent(handle));
  // curl takes a connection that is cut within the head for the end of an answer without a body.
  if (!head_complete_)
    return failed(text::fill("The answer from {host} was cut off.", {{"host", host_}}), true);
  long status = 0;
  curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
  response_.status = static_cast<int>(status);
  return std::move(response_);
}

Answer Transfer::given_up(CURL* handle) const {
  return tl::unexpected<TransportError>(
      {text::fill("The program ended before {host} answered.", {{"host", host_}}),
       maybe_sent(handle)});
}

}  // namespace rekey::http
