/* Which owners look like leaks, on how many hosts, and how much they hold. */
select path, count(distinct host) as hosts, string_agg(distinct host, ' ' order by host) as which, sum(bytes)::bigint as bytes
from findings where verdict in ('leak', 'looks like a leak') group by path order by hosts desc, bytes desc
