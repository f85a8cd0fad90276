-- Asks for the token of one connection after another: wrk … -- KEY FILE, a file with an id a line.
local paths, headers, at = {}, {}, 0

function init(args)
  headers["Authorization"] = "Bearer " .. args[1]
  for id in io.lines(args[2]) do paths[#paths + 1] = "/v1/connections/" .. id .. "/token" end
end

function request()
  at = at % #paths + 1
  return wrk.format("GET", paths[at], headers)
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format('RESULT {"rate": %.0f, "p50": %.3f, "p99": %.3f, "failed": %d}\n',
    summary.requests / (summary.duration / 1e6), latency:percentile(50) / 1000, latency:percentile(99) / 1000,
    errors.connect + errors.read + errors.write + errors.timeout + errors.status))
end
