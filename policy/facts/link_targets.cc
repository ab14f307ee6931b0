// The final target of a link, where its URL names it.

#include <algorithm>
#include <array>

#include "policy/base/text.h"
#include "policy/facts/links.h"
#include "policy/message/url.h"

namespace postern {
namespace {

bool IsWebUrl(std::string_view text) {
  return StartsWithIgnoreCase(text, "http://") ||
         StartsWithIgnoreCase(text, "https://");
}

// "https://urldefense.proofpoint.com/v2/url?u=https-3A__example.com_x&d=…"
std::optional<std::string> UrlDefenseV2(const Url& url) {
  std::optional<std::string> value = QueryValue(url.query(), "u");
  if (!value) return std::nullopt;
  std::ranges::replace(*value, '-', '%');
  std::ranges::replace(*value, '_', '/');
  return PercentDecoded(*value);
}

// "https://urldefense.com/v3/__https://example.com/x__;!!…"; what stands as "*"
// is written out behind the semicolon, and never in the host.
std::optional<std::string> UrlDefenseV3(const Url& url) {
  constexpr std::string_view kBegin = "/v3/__";
  std::string_view rest = std::string_view(url.text).substr(url.path_at);
  if (!rest.starts_with(kBegin)) return std::nullopt;
  rest.remove_prefix(kBegin.size());
  const std::size_t end = rest.rfind("__;");
  if (end == rest.npos) return std::nullopt;
  std::string target(rest.substr(0, end));
  // Some gateways fold the two slashes into one.
  for (const std::string_view scheme : {"https:/", "http:/"})
    if (target.starts_with(scheme) && target.substr(scheme.size(), 1) != "/")
      target.insert(scheme.size(), "/");
  return target;
}

std::optional<std::string> ByNote(const Url& url, std::string_view note) {
  if (note == "urldefense-v2") return UrlDefenseV2(url);
  if (note == "urldefense-v3") return UrlDefenseV3(url);
  const std::size_t mark = note.find('?');
  const std::string_view path = note.substr(0, mark);
  if (!url.path().starts_with(path)) return std::nullopt;
  if (mark != note.npos) return QueryValue(url.query(), note.substr(mark + 1));
  const std::string_view rest = url.path().substr(path.size());
  return IsWebUrl(rest) ? std::string(rest) : "https://" + std::string(rest);
}

}  // namespace

std::optional<std::string> TargetOf(const std::string& url,
                                    const LinkHosts::Entry& entry) {
  if (entry.notes.empty()) return std::nullopt;
  const std::optional<Url> parsed = ParseUrl(url);
  if (!parsed) return std::nullopt;
  for (const std::string& note : entry.notes)
    if (std::optional<std::string> target = ByNote(*parsed, note))
      if (IsWebUrl(*target)) return target;
  return std::nullopt;
}

}  // namespace postern
