#include "policy/facts/http_head.h"

#include <curl/curl.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>

#include "policy/base/call_free.h"
#include "policy/base/text.h"

namespace postern {
namespace {

constexpr std::size_t kMaxHeader = 32 * 1024;
constexpr const char* kUserAgent = "Postern (looks where short links lead)";

using Easy = std::unique_ptr<CURL, CallFree<curl_easy_cleanup>>;
using UrlParts = std::unique_ptr<CURLU, CallFree<curl_url_cleanup>>;
using Text = std::unique_ptr<char, CallFree<curl_free>>;
using List = std::unique_ptr<curl_slist, CallFree<curl_slist_free_all>>;

// What the callbacks of one question work on.
struct Exchange {
  const HeadQuestion& question;
  std::size_t header_bytes = 0;
  bool is_header_done = false;
};

bool IsLibraryReady() {
  static const bool is_ready = curl_global_init(CURL_GLOBAL_ALL) == CURLE_OK;
  return is_ready;
}

std::optional<IpAddress> AddressOf(const sockaddr* address) {
  if (address->sa_family == AF_INET) {
    const auto* v4 = reinterpret_cast<const sockaddr_in*>(address);
    return IpAddress::FromOctets(
        {reinterpret_cast<const char*>(&v4->sin_addr), 4});
  }
  if (address->sa_family != AF_INET6) return std::nullopt;
  const auto* v6 = reinterpret_cast<const sockaddr_in6*>(address);
  return IpAddress::FromOctets(
      {reinterpret_cast<const char*>(&v6->sin6_addr), 16});
}

// The last door: what CURLOPT_RESOLVE pins is looked at once more.
curl_socket_t OpenSocket(void* user, curlsocktype /*purpose*/,
                         curl_sockaddr* to) {
  const auto* exchange = static_cast<const Exchange*>(user);
  const std::optional<IpAddress> address = AddressOf(&to->addr);
  const std::vector<IpAddress>& allowed = exchange->question.addresses;
  if (!address || std::ranges::find(allowed, *address) == allowed.end())
    return CURL_SOCKET_BAD;
  return socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

std::size_t TakeHeaderLine(const char* line, std::size_t one, std::size_t size,
                           void* user) {
  auto* exchange = static_cast<Exchange*>(user);
  const std::string_view text(line, one * size);
  exchange->header_bytes += text.size();
  if (exchange->header_bytes > kMaxHeader) return 0;
  exchange->is_header_done = Trim(text).empty();
  return text.size();
}

// There is nothing in a body for us.
std::size_t RefuseBody(const char* /*octets*/, std::size_t /*one*/,
                       std::size_t /*size*/, void* /*user*/) {
  return 0;
}

// "host:443:192.0.2.1,[2001:db8::1]"
List Pinned(const HeadQuestion& question) {
  std::string entry = question.host + ":" + std::to_string(question.port) + ":";
  for (const IpAddress& address : question.addresses) {
    if (!entry.ends_with(':')) entry += ',';
    const bool is_v6 = address.family() == IpAddress::Family::kV6;
    entry += is_v6 ? "[" + address.ToString() + "]" : address.ToString();
  }
  return List(curl_slist_append(nullptr, entry.c_str()));
}

bool SetUp(CURL* curl, const HeadQuestion& question, curl_slist* pinned,
           Exchange* exchange) {
  const auto set = [curl](CURLoption option, auto value) {
    return curl_easy_setopt(curl, option, value) == CURLE_OK;
  };
  const long timeout = static_cast<long>(question.timeout.count());
  const bool is_get = question.method == HeadQuestion::Method::kGet;
  return set(CURLOPT_URL, question.url.c_str()) &&
         set(CURLOPT_NOBODY, is_get ? 0L : 1L) &&
         set(CURLOPT_RESOLVE, pinned) &&
         set(CURLOPT_PROTOCOLS_STR, "http,https") &&
         set(CURLOPT_FOLLOWLOCATION, 0L) && set(CURLOPT_PROXY, "") &&
         set(CURLOPT_NOPROXY, "*") &&
         set(CURLOPT_DISALLOW_USERNAME_IN_URL, 1L) &&
         set(CURLOPT_HTTP_VERSION, long{CURL_HTTP_VERSION_1_1}) &&
         set(CURLOPT_USERAGENT, kUserAgent) && set(CURLOPT_NOSIGNAL, 1L) &&
         set(CURLOPT_TIMEOUT_MS, timeout) &&
         set(CURLOPT_CONNECTTIMEOUT_MS, timeout) &&
         set(CURLOPT_FORBID_REUSE, 1L) &&
         set(CURLOPT_OPENSOCKETFUNCTION, OpenSocket) &&
         set(CURLOPT_OPENSOCKETDATA, exchange) &&
         set(CURLOPT_HEADERFUNCTION, TakeHeaderLine) &&
         set(CURLOPT_HEADERDATA, exchange) &&
         set(CURLOPT_WRITEFUNCTION, RefuseBody);
}

// RFC 9110 s.10.2.2: relative to what was asked. What libcurl cannot resolve
// stays as it is ("javascript:…").
std::string LocationOf(CURL* curl, const std::string& asked) {
  curl_header* field = nullptr;
  const unsigned int last_answer = CURLH_HEADER;
  if (curl_easy_header(curl, "Location", 0, last_answer, -1, &field) !=
      CURLHE_OK)
    return {};
  constexpr unsigned int kFlags =
      CURLU_NON_SUPPORT_SCHEME | CURLU_ALLOW_SPACE | CURLU_PATH_AS_IS;
  const UrlParts parts(curl_url());
  char* whole = nullptr;
  const bool is_read =
      parts &&
      curl_url_set(parts.get(), CURLUPART_URL, asked.c_str(), 0) == CURLUE_OK &&
      curl_url_set(parts.get(), CURLUPART_URL, field->value, kFlags) ==
          CURLUE_OK &&
      curl_url_get(parts.get(), CURLUPART_URL, &whole, 0) == CURLUE_OK;
  const Text freed(whole);
  return is_read ? whole : field->value;
}

}  // namespace

Result<HeadAnswer> AskHead(const HeadQuestion& question) {
  if (!IsLibraryReady()) return Fail("libcurl does not start");
  if (question.timeout.count() <= 0) return Fail("no time left");
  if (question.addresses.empty()) return Fail("no address");
  const Easy curl(curl_easy_init());
  const List pinned = Pinned(question);
  Exchange exchange{.question = question};
  std::array<char, CURL_ERROR_SIZE> fault{};
  if (!curl || !pinned || !SetUp(curl.get(), question, pinned.get(), &exchange))
    return Fail("libcurl refuses the question");
  curl_easy_setopt(curl.get(), CURLOPT_ERRORBUFFER, fault.data());
  const CURLcode code = curl_easy_perform(curl.get());
  // We hung up ourselves, on the body.
  const bool is_hung_up = code == CURLE_WRITE_ERROR &&
                          exchange.is_header_done &&
                          exchange.header_bytes <= kMaxHeader;
  if (exchange.header_bytes > kMaxHeader) return Fail("its header is too long");
  if (code != CURLE_OK && !is_hung_up)
    return Fail(fault[0] == '\0' ? curl_easy_strerror(code) : fault.data());
  long status = 0;
  curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &status);
  if (status == 0) return Fail("no answer of HTTP");
  const bool is_redirect = status >= 300 && status < 400;
  return HeadAnswer{static_cast<int>(status),
                    is_redirect ? LocationOf(curl.get(), question.url) : ""};
}

}  // namespace postern
