"""What committees forget of a person who is erased; registered in AppConfig.ready."""

from committees.people.erasure import forget_in_log
from committees.people.models import Person
from kpss import clock

from .models import Seat, SeatEvent
from .seating import end_seat


def forget_member(person: Person, actor: Person) -> None:
    """End the seats still held, hide the name, forget words of consent, reasons and the function.

    The seats stay: they say that somebody of that side sat there. One that has not begun yet never
    will: it is over on its first day.
    """
    today = clock.today()
    seats = list(Seat.objects.filter(person=person).order_by("pk"))
    for seat in seats:
        if seat.valid_from > today:
            Seat.objects.filter(pk=seat.pk).update(valid_to=seat.valid_from, ended_at=clock.now())
        elif seat.valid_to is None or seat.valid_to >= today and seat.ended_at is None:
            end_seat(seat, actor=actor)
    Seat.objects.filter(person=person).update(
        function="",
        name_consent_on=None,
        name_consent_text="",
        name_consent_withdrawn_on=None,
    )
    SeatEvent.objects.filter(seat__person=person).exclude(note="").update(note="")
    forget_in_log(Seat, [seat.pk for seat in seats])
