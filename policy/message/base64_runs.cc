#include "policy/message/base64_runs.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include <algorithm>

#include "policy/base/text.h"

namespace postern {
namespace {

constexpr std::size_t kLeastRun = 8 * 1024;
constexpr std::size_t kLeastLine = 32, kMostLine = 996;

// Of at least 16 octets.
bool IsAllAlphabet(std::string_view text) {
#ifdef __SSE2__
  const auto marks = [](const char* p) {
    const __m128i octets = _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
    const auto within = [](__m128i v, char first, char last) {
      return _mm_and_si128(
          _mm_cmpgt_epi8(v, _mm_set1_epi8(static_cast<char>(first - 1))),
          _mm_cmplt_epi8(v, _mm_set1_epi8(static_cast<char>(last + 1))));
    };
    const __m128i letters =
        within(_mm_or_si128(octets, _mm_set1_epi8(0x20)), 'a', 'z');
    return _mm_or_si128(_mm_or_si128(letters, within(octets, '/', '9')),
                        _mm_cmpeq_epi8(octets, _mm_set1_epi8('+')));
  };
  // The last block may lie over the one before it.
  __m128i all = marks(text.data() + text.size() - 16);
  for (std::size_t i = 0; i + 16 <= text.size(); i += 16)
    all = _mm_and_si128(all, marks(text.data() + i));
  return _mm_movemask_epi8(all) == 0xffff;
#else
  return std::ranges::all_of(
      text, [](char c) { return IsAlnum(c) || c == '+' || c == '/'; });
#endif
}

bool IsLine(std::string_view body, std::size_t begin, std::size_t stride) {
  return begin + stride <= body.size() && body[begin + stride - 1] == '\n' &&
         body[begin + stride - 2] == '\r' &&
         IsAllAlphabet(body.substr(begin, stride - 2));
}

}  // namespace

Base64Runs FindBase64Runs(std::string_view body) {
  Base64Runs runs;
  std::size_t at = 0;
  while (body.size() - at >= kLeastRun) {
    const std::size_t lf = body.find('\n', at);
    if (lf == body.npos) break;
    const std::size_t stride = lf + 1 - at;
    const bool may_be_run = stride >= kLeastLine + 2 &&
                            stride <= kMostLine + 2 && (stride - 2) % 4 == 0;
    std::size_t end = at;
    while (may_be_run && IsLine(body, end, stride)) end += stride;
    if (end - at >= kLeastRun) runs.push_back({at, end, stride});
    at = std::max(end, lf + 1);
  }
  return runs;
}

}  // namespace postern
