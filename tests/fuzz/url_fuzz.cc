// A URL's parts lie in its text, its host is read the same again, and where a
// redirector's URL leads is a URL of the web.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "policy/base/confusable.h"
#include "policy/facts/links.h"
#include "policy/message/url.h"

namespace postern {
namespace {

void Require(bool holds) {
  if (!holds) std::abort();
}

void TestHost(const Url& url) {
  if (url.host_kind != Url::HostKind::kName) return;
  const auto again = ReadHost(url.host, SchemeKind::kSpecial);
  Require(again && again->host == url.host && again->kind == url.host_kind);
  (void)SkeletonOf(url.host);
  (void)MixesScripts(url.host);
}

void TestOne(std::string_view text) {
  (void)SkeletonOf(text.substr(0, 200));
  (void)MixesScripts(text.substr(0, 200));
  const std::optional<Url> url = ParseUrl(text);
  if (!url) return;
  Require(url->path_at <= url->text.size());
  Require(url->path().size() + url->query().size() + url->fragment().size() <=
          url->text.size());
  TestHost(*url);
  (void)QueryValue(url->query(), "url");
  static const LinkHosts::Entry kEntry = {
      HostClass::kRedirector,
      {"/url?q", "/?u", "/amp/s/", "urldefense-v2", "urldefense-v3"}};
  const std::optional<std::string> target = TargetOf(url->text, kEntry);
  Require(!target || target->size() <= url->text.size() + 8);
}

}  // namespace
}  // namespace postern

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* octets,
                                      std::size_t size) {
  postern::TestOne({reinterpret_cast<const char*>(octets), size});
  return 0;
}
