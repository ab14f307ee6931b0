// The fields that a stream's configuration gives: List-Unsubscribe with its
// Post (RFC 2369, RFC 8058), List-Id (RFC 2919), Auto-Submitted (RFC 3834),
// Feedback-ID and Precedence. Mail that others wrote is theirs to label.

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "policy/base/hexadecimal.h"
#include "policy/base/sha256.h"
#include "policy/base/text.h"
#include "policy/message/fold.h"
#include "policy/remedies/remedy.h"

namespace postern {
namespace {

constexpr std::size_t kLongestValue = 900;  // octets; a line has 998

const StreamHeaders* HeadersOf(const Facts& facts) {
  if (facts.is_forwarded || facts.stream.config == nullptr) return nullptr;
  return &facts.stream.config->headers;
}

bool MayAdd(const Facts& facts, const Message& message, std::string_view name) {
  return message.header.Find(name) == nullptr && !facts.IsFieldCovered(name);
}

// RFC 3986 s.2.3: all but the unreserved.
std::string PercentEncoded(std::string_view text) {
  std::string encoded;
  for (const char c : text)
    if (IsAlnum(c) || Contains("-._~", std::string_view(&c, 1)))
      encoded += c;
    else
      encoded += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  return encoded;
}

// For whoever receives the click: made of what both know, and told by nobody
// else.
std::string TokenOf(const StreamConfig& stream, std::string_view recipient) {
  if (stream.headers.token_secrets.empty()) return {};
  const std::string mac = HmacSha256(stream.headers.token_secrets.front(),
                                     stream.name + " " + ToLower(recipient));
  return ToHexadecimal(mac).substr(0, 32);
}

enum class Purpose { kUri, kText };

std::string Encoded(std::string_view text, Purpose purpose) {
  return purpose == Purpose::kUri ? PercentEncoded(text) : std::string(text);
}

// nullopt: it needs what this message has not, one recipient or an author.
std::optional<std::string> Filled(const Facts& facts, std::string_view text,
                                  Purpose purpose) {
  const auto& recipients = facts.message->envelope.recipients;
  if (IsPersonalTemplate(text) && recipients.size() != 1) return std::nullopt;
  if (Contains(text, "{domain}") && !facts.author_domain) return std::nullopt;
  const std::string recipient =
      recipients.empty() ? "" : recipients.front().address;
  const StreamConfig& stream = *facts.stream.config;
  std::string filled;
  while (!text.empty()) {
    const std::size_t open = std::min(text.find('{'), text.size());
    filled += text.substr(0, open);
    text.remove_prefix(open);
    const std::size_t close = text.find('}');
    if (text.empty() || close == text.npos) break;
    const std::string_view name = text.substr(0, close + 1);
    if (name == "{recipient}") filled += Encoded(recipient, purpose);
    if (name == "{domain}")
      filled += Encoded(facts.author_domain->text(), purpose);
    if (name == "{stream}") filled += Encoded(stream.name, purpose);
    if (name == "{token}") filled += TokenOf(stream, recipient);
    text.remove_prefix(close + 1);
  }
  for (const char c : filled)
    if (c < ' ' || c > '~') return std::nullopt;
  if (filled.size() > kLongestValue) return std::nullopt;
  return filled;
}

bool AddField(const Facts& facts, std::string_view name, std::string_view text,
              Message* message) {
  if (text.empty() || !MayAdd(facts, *message, name)) return false;
  const std::optional<std::string> filled = Filled(facts, text, Purpose::kText);
  if (!filled) return false;
  const std::optional<std::string> value = FoldValue(name, *filled);
  if (!value) return false;
  message->header.Append(name, *value);
  return true;
}

// "<a>, <b>", a line each.
std::string UriList(const std::vector<std::string>& uris) {
  std::string list;
  for (const std::string& uri : uris)
    list += (list.empty() ? "<" : ",\n <") + uri + ">";
  return list;
}

bool IsMailto(std::string_view uri) {
  return StartsWithIgnoreCase(uri, "mailto:");
}

// The configured URI for one click first, then what is there to write to.
std::vector<std::string> UrisFor(const Facts& facts,
                                 const StreamHeaders& headers) {
  std::vector<std::string> uris;
  const auto url = Filled(facts, headers.unsubscribe_url, Purpose::kUri);
  if (url && !url->empty()) uris.push_back(*url);
  bool has_mailto = false;
  for (const std::string& uri : facts.bulk.unsubscribe.uris)
    if (IsMailto(uri) && uri.size() <= kLongestValue) {
      uris.push_back(uri);
      has_mailto = true;
    }
  const auto mailto = Filled(facts, headers.unsubscribe_mailto, Purpose::kUri);
  if (!has_mailto && mailto && !mailto->empty()) uris.push_back(*mailto);
  return uris;
}

}  // namespace

bool AddListUnsubscribe(const Facts& facts, Message* message) {
  const StreamHeaders* headers = HeadersOf(facts);
  if (headers == nullptr || facts.IsFieldCovered("List-Unsubscribe") ||
      facts.IsFieldCovered("List-Unsubscribe-Post"))
    return false;
  // The sender's own web address is his to keep.
  if (facts.bulk.unsubscribe.https > 0 || facts.bulk.is_plain_http)
    return false;
  const std::vector<std::string> uris = UrisFor(facts, *headers);
  if (uris.empty() || uris == facts.bulk.unsubscribe.uris) return false;
  message->header.Set("List-Unsubscribe", UriList(uris));
  if (!IsMailto(uris.front()))
    message->header.Set("List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
  return true;
}

bool AddListId(const Facts& facts, Message* message) {
  const StreamHeaders* headers = HeadersOf(facts);
  return headers != nullptr &&
         AddField(facts, "List-Id", headers->list_id, message);
}

bool AddAutoSubmitted(const Facts& facts, Message* message) {
  if (facts.is_forwarded || facts.IsFieldCovered("Auto-Submitted") ||
      message->header.Find("Auto-Submitted") != nullptr)
    return false;
  const StreamHeaders* headers = HeadersOf(facts);
  const bool is_told = headers != nullptr && !headers->auto_submitted.empty();
  // What says itself that it answers is an answer; the rest, who knows.
  const bool is_stream_word = facts.stream.name == "automatic" &&
                              !facts.message->envelope.mail_from.empty() &&
                              !IsAutomatic(facts);
  message->header.Append("Auto-Submitted", is_told ? headers->auto_submitted
                                           : is_stream_word ? "auto-generated"
                                                            : "auto-replied");
  return true;
}

bool AddStreamFields(const Facts& facts, Message* message) {
  const StreamHeaders* headers = HeadersOf(facts);
  if (headers == nullptr) return false;
  bool is_changed =
      AddField(facts, "Feedback-ID", headers->feedback_id, message);
  is_changed |= AddField(facts, "Precedence", headers->precedence, message);
  return is_changed;
}

}  // namespace postern
