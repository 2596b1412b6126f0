# awry: ignore-file AWR1 -- generated
@a
# awry: ignore
async def f(
    x,  # noqa: E501,AWR101 # awry: ignore[dangling-task, AWR2] why
):
    s = f'''{
        x  # awry: ignore a, b
    }'''
    if (a and
        b):  # NOQA
        c()
