/* In which releases they do, of how many hosts that run it. */
with running as (select release, count(distinct host) as hosts from cores group by release),
leaking as (
  select f.path, c.release, count(distinct c.host) as leaks from findings f join cores c on f.file = c.file
  where f.verdict in ('leak', 'looks like a leak') group by f.path, c.release
)
select l.path, l.release, l.leaks, r.hosts from leaking l join running r on l.release = r.release
order by length(l.release), l.release, l.path
