// How single values are written: "5min", "60/min burst 20", "inet:8891@::1".
//
// Text to value and back; nullopt or false: it is not one. Format gives the
// shortest form that parses to the same value.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "policy/config/config.h"

namespace postern {

// "250ms", "30s", "5min", "1h", "7d". At most ten years.
[[nodiscard]] std::optional<std::chrono::milliseconds> ParseDuration(
    std::string_view text);
[[nodiscard]] std::string FormatDuration(std::chrono::milliseconds duration);

// "100/h", "60/min burst 20", "5000/d", "30/15min". The period is at least a
// second, a used-up burst is free again within ten years.
[[nodiscard]] std::optional<LimitRate> ParseRate(std::string_view text);
[[nodiscard]] std::string FormatRate(const LimitRate& rate);

// "512", "100KiB", "50MiB", "25MB" (1 MB is 1000000 octets).
[[nodiscard]] std::optional<std::int64_t> ParseSize(std::string_view text);
[[nodiscard]] std::string FormatSize(std::int64_t bytes);

// "0660": permission bits in octal.
[[nodiscard]] std::optional<unsigned> ParseOctalMode(std::string_view text);

// A name that DNS can hold and HELO may say: letters, digits, inner hyphens.
[[nodiscard]] bool IsHostName(std::string_view text);
// "unix:/run/x.sock", "inet:8891@127.0.0.1", "inet6:8891@::1".
[[nodiscard]] bool IsMilterSocket(std::string_view text);
// "127.0.0.1:25", "[::1]:25", "localhost:25".
[[nodiscard]] bool IsHostAndPort(std::string_view text);
// "192.0.2.53" or "127.0.0.1@5353".
[[nodiscard]] bool IsDnsServer(std::string_view text);
// A DKIM selector: one or more labels (RFC 6376 s.3.1).
[[nodiscard]] bool IsSelector(std::string_view text);
// ".google.com" (names below it) or "mx.example.com" (and names below it).
[[nodiscard]] bool IsMxSuffix(std::string_view text);
// A name of ours, as of a limit: letters, digits, '-', '_', at most 64.
[[nodiscard]] bool IsPlainName(std::string_view text);

}  // namespace postern
