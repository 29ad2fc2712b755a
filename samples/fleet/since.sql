/* In which releases they do, of how many hosts that run it. */
select f.path, c.release, count(distinct f.host) as leaking, count(distinct c.host) as hosts
from cores c left join findings f on f.file = c.file and f.verdict in ('leak', 'looks like a leak')
group by f.path, c.release having f.path is not null order by length(c.release), c.release
