// What signatures cost beside the least they can cost: the bare signatures of
// parsed keys, and SHA-256 over the body. CPU time of this thread, least of
// many batches, the bare and the whole by turns; the ratio is what counts.

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <string_view>

#include "policy/base/sha256.h"
#include "policy/signing/signer.h"
#include "tests/bench/measure.h"
#include "tests/support/test_keys.h"

namespace postern {
namespace {

struct Costs {
  double bare = 1e18, whole = 1e18;
  [[nodiscard]] double ratio() const { return whole / bare; }
};

// By turns, so that a slow moment of the machine hits both.
template <typename Bare, typename Whole>
Costs Least(Bare bare, Whole whole) {
  bare();
  whole();
  const auto cost = [](auto& work) {
    constexpr int kBatch = 4;
    const double before = CpuMicroseconds();
    for (int i = 0; i < kBatch; ++i) work();
    return (CpuMicroseconds() - before) / kBatch;
  };
  Costs costs;
  for (const double begin = CpuMicroseconds();
       CpuMicroseconds() - begin < 6e5;) {
    costs.bare = std::min(costs.bare, cost(bare));
    costs.whole = std::min(costs.whole, cost(whole));
  }
  return costs;
}

Header TransactionalHeader() {
  Header header;
  header.Receive("Received",
                 " from a.example (a.example [192.0.2.1])\n\tby mx.example.org "
                 "(Postfix) with ESMTPS id ABCDEF\n\tfor <bob@example.net>; "
                 "Sat, 21 Nov 2026 19:54:00 +0000 (UTC)");
  header.Receive("From", " Alice Example <alice@example.org>");
  header.Receive("To", " Bob <bob@example.net>");
  header.Receive("Subject", " a subject of usual length for tests");
  header.Receive("Date", " Sat, 21 Nov 2026 19:54:00 +0000");
  header.Receive("Message-ID", " <20261121195400.1@example.org>");
  header.Receive("MIME-Version", " 1.0");
  header.Receive("Content-Type", " text/plain; charset=utf-8");
  header.Receive("Content-Transfer-Encoding", " 8bit");
  header.Receive("Reply-To", " alice@example.org");
  header.Receive("List-Unsubscribe", " <https://example.org/u?1>");
  header.Receive("X-Mailer", " test");
  return header;
}

Body Repeated(std::string_view line, std::size_t bytes) {
  std::string text;
  while (text.size() + line.size() <= bytes) text += line;
  return Body::FromString(std::move(text));
}

void Measure(std::string_view kind, std::string_view line) {
  const std::vector<KeyInUse> rsa = {
      TestKey("example.org", "rsa", kTestRsa2048Pem)};
  const std::vector<KeyInUse> both = {
      rsa[0], TestKey("example.org", "ed", kTestEd25519Pem)};
  const Header header = TransactionalHeader();
  const auto measure = [&](const Body& body,
                           const std::vector<KeyInUse>& keys) {
    std::size_t sink = 0;
    const Costs costs = Least(
        [&] {
          for (const KeyInUse& key : keys) sink += key.key->Sign("x").size();
          sink += Sha256Of(body.bytes()).size();
        },
        [&] { sink += SignMessage(header, body, keys, {}, {})->size(); });
    if (sink == 0) fmt::print("!");
    return costs;
  };
  for (const std::size_t bytes : {5'000uz, 100'000uz, 10'000'000uz}) {
    const Body body = Repeated(line, bytes);
    const Costs one = measure(body, rsa);
    const Costs two = measure(body, both);
    fmt::print(
        "{:8} {:>9} octets: RSA-2048 {:8.1f} us ({:.3f} x), with Ed25519 "
        "{:8.1f} us ({:.3f} x)\n",
        kind, body.size(), one.whole, one.ratio(), two.whole, two.ratio());
  }
}

}  // namespace
}  // namespace postern

int main() {
  postern::Measure("text",
                   "The quick brown fox jumps over the lazy dog, and then some "
                   "more words.\r\n");
  postern::Measure("html",
                   "        <td style=\"padding: 0  4px\">\t<a href=\"https://"
                   "example.org/\">x</a> </td>\r\n");
  postern::Measure(
      "base64",
      "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xtbm9wcXJz"
      "dHV2d3h5ejAxMjM0\r\n");
}
