#include "policy/facts/dkim.h"

#include <cstddef>
#include <expected>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "policy/base/tag_list.h"
#include "policy/base/text.h"
#include "policy/facts/dkim_guard.h"
#include "policy/facts/opendkim.h"

namespace postern {
namespace {

// RFC 6376 s.8.4: a bound, against messages that are nothing but signatures.
constexpr std::size_t kMaxSignatures = 5;

std::vector<const HeaderField*> SignatureFields(const Header& header) {
  std::vector<const HeaderField*> found;
  for (const HeaderField& field : header.fields())
    if (EqualsIgnoreCase(Trim(field.name), "DKIM-Signature"))
      found.push_back(&field);
  return found;
}

std::string KeyName(const DkimSignature& signature) {
  return fmt::format("{}._domainkey.{}", signature.selector, signature.domain);
}

// The key record's text, or what its absence means for the signature.
std::expected<std::string, DkimOutcome> AskKey(const std::string& name,
                                               Dns& dns, Deadline deadline) {
  const auto none = [](DkimResult result, std::string reason) {
    return std::unexpected(DkimOutcome{result, std::move(reason)});
  };
  DnsAnswer answer = dns.Ask(name, RrType::kTxt, deadline);
  if (answer.status == DnsStatus::kTempError)
    return none(DkimResult::kTempError, "DNS did not answer for " + name);
  if (answer.status != DnsStatus::kOk || answer.records.empty())
    return none(DkimResult::kPermError, "no key at " + name);
  // RFC 6376 s.3.6.2.2: with several records the result is undefined.
  if (answer.records.size() > 1)
    return none(DkimResult::kPermError, "several records at " + name);
  std::string record = std::move(answer.records.front().value);
  if (record.find('\0') != std::string::npos)
    return none(DkimResult::kPermError, "a NUL in the key at " + name);
  if (record.size() > kMaxKeyRecordBytes)
    return none(DkimResult::kNeutral,
                "not examined: a key record of over 1,000 octets at " + name);
  return record;
}

// With every line ended by CRLF, as an MTA sends it; none: it is so already.
std::optional<std::string> WithCrlf(std::string_view octets) {
  const auto is_bare_lf = [octets](std::size_t i) {
    return octets[i] == '\n' && (i == 0 || octets[i - 1] != '\r');
  };
  std::size_t lf = octets.find('\n');
  while (lf != std::string_view::npos && !is_bare_lf(lf))
    lf = octets.find('\n', lf + 1);
  if (lf == std::string_view::npos) return std::nullopt;
  std::string wire(octets.substr(0, lf));
  for (std::size_t i = lf; i < octets.size(); ++i) {
    if (is_bare_lf(i)) wire += '\r';
    wire += octets[i];
  }
  return wire;
}

// RFC 6376 s.3.6.1, RFC 8463 s.3: k= says for which algorithms the key is; by
// default for rsa. libopendkim does not compare it with a=.
bool IsForAlgorithm(const std::string& key_record, std::string_view algorithm) {
  const Result<TagList> tags = TagList::Parse(key_record);
  if (!tags) return true;  // libopendkim says what is wrong with it
  const std::string_view type = tags->Find("k").value_or("rsa");
  return EqualsIgnoreCase(algorithm.substr(0, algorithm.find('-')), type);
}

DkimOutcome Examine(const Header& header, const HeaderField& field,
                    const DkimSignature& signature, std::string_view body,
                    const std::string& key_record) {
  if (!IsForAlgorithm(key_record, signature.algorithm))
    return {DkimResult::kPermError,
            "the key is not for " + EscapeForLog(signature.algorithm, 40)};
  const auto handed_over = HandedOver(header, field, signature.headers);
  if (!handed_over) return {DkimResult::kNeutral, handed_over.error().message};
  return AskOpendkim(*handed_over, body, key_record);
}

}  // namespace

std::string_view ToString(DkimResult result) {
  switch (result) {
    case DkimResult::kNone:
      return "none";
    case DkimResult::kPass:
      return "pass";
    case DkimResult::kFail:
      return "fail";
    case DkimResult::kPolicy:
      return "policy";
    case DkimResult::kNeutral:
      return "neutral";
    case DkimResult::kTempError:
      return "temperror";
    case DkimResult::kPermError:
      return "permerror";
  }
  return "";
}

std::vector<DkimSignature> VerifySignatures(const Header& header,
                                            const Body& body,
                                            const VerifyWith& with) {
  const std::vector<const HeaderField*> fields = SignatureFields(header);
  std::vector<DkimSignature> signatures;
  for (const HeaderField* field : fields) {
    signatures.push_back(ReadSignature(field->value, with.now));
    DkimSignature& signature = signatures.back();
    if (signature.result != DkimResult::kNone) continue;
    if (signatures.size() > kMaxSignatures) {
      signature.result = DkimResult::kNeutral;
      signature.reason = "not examined: more than 5 signatures";
    } else {
      with.dns.Prefetch(KeyName(signature), RrType::kTxt);
    }
  }
  if (fields.empty()) return signatures;
  const std::optional<std::string> rewritten = WithCrlf(body.bytes());
  const std::string_view wire = rewritten ? *rewritten : body.bytes();
  for (std::size_t i = 0; i < signatures.size(); ++i) {
    DkimSignature& signature = signatures[i];
    if (signature.result != DkimResult::kNone) continue;
    const auto key = AskKey(KeyName(signature), with.dns, with.deadline);
    DkimOutcome outcome =
        key ? Examine(header, *fields[i], signature, wire, *key) : key.error();
    signature.result = outcome.result;
    signature.reason = std::move(outcome.reason);
  }
  return signatures;
}

}  // namespace postern
