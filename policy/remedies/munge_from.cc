// From becomes an address of ours, as mailing lists do it, when DMARC of the
// author's domain would have the message refused. Only with from.munge_address
// or from.munge_domain configured.

#include <algorithm>
#include <string>

#include "policy/base/text.h"
#include "policy/remedies/author_field.h"
#include "policy/remedies/remedy.h"

namespace postern {
namespace {

// A signature by somebody else that makes DMARC pass, or may: with another From
// it would break.
bool HasAlignedSignature(const Facts& facts) {
  return std::any_of(
      facts.dkim.begin(), facts.dkim.end(), [](const DkimFact& dkim) {
        const bool may_pass = dkim.result == DkimResult::kPass ||
                              dkim.result == DkimResult::kTempError;
        return !dkim.is_ours && may_pass &&
               dkim.alignment != Alignment::kNotAligned;
      });
}

// alice@example.net at munged.example.org is alice=example.net there; the last
// "=" parts them again. Empty: the author cannot be written so.
std::string MungedAddress(const Facts& facts) {
  const MungeConfig& munge = facts.config->munge;
  if (!munge.address.empty()) return munge.address;
  if (!munge.domain) return {};
  const std::string& local = facts.from.mailboxes.front().address.local_part;
  const bool is_plain =
      !local.empty() && std::none_of(local.begin(), local.end(), [](char c) {
        return static_cast<unsigned char>(c) <= ' ' || c == 0x7f ||
               Contains("\"\\()<>[]:;@,", {&c, 1});
      });
  const std::string munged = local + "=" + facts.author_domain->text();
  if (!is_plain || munged.size() > 64) return {};  // RFC 5321 s.4.5.3.1.1
  return munged + "@" + munge.domain->text();
}

}  // namespace

bool MungeFrom(const Facts& facts, Message* message) {
  if (!facts.author_domain || HasAlignedSignature(facts)) return false;
  const std::string address = MungedAddress(facts);
  const std::optional<Domain> domain = DomainOf(address);
  if (!domain || *domain == *facts.author_domain) return false;
  return ReplaceAuthor(facts, {.address = address, .via = domain->text()},
                       message);
}

}  // namespace postern
